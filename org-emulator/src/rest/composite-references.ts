/** What earlier subrequests answered, by reference id. */
export type EarlierAnswers = Map<string, { body: unknown; isFailed: boolean }>;

/** A reference that leads nowhere; its message is the platform's. */
export class UnresolvedReferenceError extends Error {
  constructor(path: string, referenceId: string) {
    super(`Invalid reference specified. No value for ${path} found in ${referenceId}`);
    this.name = 'UnresolvedReferenceError';
  }
}

const REFERENCE = /@\{([^}]+)\}/g;

/**
 * Replaces every `@{ref.field}`, `@{ref[0].id}`, `@{ref.records[0].Id}` in a value, however deep. A text that is nothing
 * but one reference takes the referenced value's type. Names are case-sensitive.
 *
 * @throws UnresolvedReferenceError when the subrequest failed, is not an earlier one, or its answer has no such key.
 * @see REST API Developer Guide, Composite: reference ids
 */
export function resolveReferences(value: unknown, answers: EarlierAnswers): unknown {
  if (typeof value === 'string') return resolveText(value, answers);
  if (Array.isArray(value)) return value.map((entry) => resolveReferences(entry, answers));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolveReferences(entry, answers)]));
  }
  return value;
}

function resolveText(text: string, answers: EarlierAnswers): unknown {
  const whole = /^@\{([^}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return lookup(whole, answers);
  return text.replace(REFERENCE, (_all, path: string) => {
    const found = lookup(path, answers);
    return typeof found === 'string' ? found : JSON.stringify(found);
  });
}

function lookup(path: string, answers: EarlierAnswers): unknown {
  const [referenceId = '', ...steps] = path.split(/\.|\[|\]\.?/).filter((step) => step !== '');
  const answer = answers.get(referenceId);
  if (!answer || answer.isFailed || steps.length === 0) throw new UnresolvedReferenceError(path, referenceId);
  let current: unknown = answer.body;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) {
      throw new UnresolvedReferenceError(path, referenceId);
    }
    current = (current as Record<string, unknown>)[step];
  }
  return current;
}
