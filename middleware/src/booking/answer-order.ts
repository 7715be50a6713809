import type { JsonValue } from './booking-event';

/** Whatever has answers: a booking event, a booking's state. */
interface Answered {
  answers: Record<string, JsonValue> | null;
}

/** As it is stored: jsonb keeps no order of keys, and answers are told in the order of the questions. */
type Stored<T extends Answered> = T & { answerNames?: string[] };

/** Puts the order of the answers beside them. */
export function withAnswerOrder<T extends Answered>(value: T): Stored<T> {
  const names = Object.keys(value.answers ?? {});
  return names.length < 2 ? value : { ...value, answerNames: names };
}

/** Takes what was stored back: answers in their order, and nothing else beside them. */
export function inAnswerOrder<T extends Answered>({ answerNames, ...rest }: Stored<T>): T {
  const value = rest as unknown as T;
  const { answers } = value;
  if (answers === null || answerNames === undefined) return value;
  const ordered = answerNames.flatMap((name) => {
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    return answer === undefined ? [] : [[name, answer] as const];
  });
  return { ...value, answers: { ...Object.fromEntries(ordered), ...answers } };
}
