import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe may find and why it stays. A rule is never switched off: each is for one place. */
const ACCEPTED: readonly { rule: string; place: RegExp; reason: string }[] = [];

/**
 * Looks for what keeps people from using a page, by every rule of axe.
 *
 * @param parts CSS selectors of the regions to look at; none: the whole page.
 * @returns each violation in a line, `rule (impact): where: what is wrong`; none when all is well.
 */
export async function barriers(page: Page, parts: readonly string[] = []): Promise<string[]> {
  // A world of its own: there the policy of the page lets it run, and components are seen as the browser draws them, not
  // as their synthetic shadow shows them to scripts of the page.
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send('Page.getFrameTree');
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
    });
    await session.send('Runtime.evaluate', { expression: `${AXE};undefined`, contextId });
    const context = parts.length === 0 ? 'document' : JSON.stringify({ include: parts.map((part) => [part]) });
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: `axe.run(${context}, { resultTypes: ['violations'] })`,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? 'axe failed');
    return inWords(result.value as AxeResults);
  } finally {
    await session.detach();
  }
}

function inWords({ violations, passes }: AxeResults): string[] {
  if (passes.length === 0) throw new Error('axe looked at nothing: no rule applied to the parts that were named.');
  return violations.flatMap(({ id, impact, nodes, help }) =>
    nodes
      .filter(({ html }) => !ACCEPTED.some(({ rule, place }) => rule === id && place.test(html)))
      .map(({ target, failureSummary = help }) => {
        const why = failureSummary.replace(/^Fix .*:\n/, '').replace(/\s+/g, ' ');
        return `${id} (${impact ?? 'unknown'}): ${target.join(' ')}: ${why.trim()}`;
      }),
  );
}
