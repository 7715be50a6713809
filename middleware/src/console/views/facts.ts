import { html, type Html, type HtmlPart } from '../../page/html';

/** A word and what is known under it. */
export type Fact = readonly [word: string, value: HtmlPart];

/**
 * What is known of a thing, each fact under its word; those that are not known are left out.
 * @param shape `inline` for several in a line, `wide` for long values.
 */
export function factList(facts: readonly Fact[], shape: 'inline' | 'wide' | null = null): Html {
  return html`<dl class="facts${shape === null ? '' : ` ${shape}`}">
    ${facts.filter(isKnown).map(
      ([word, value]) =>
        html`<div>
          <dt>${word}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Whether there is something to say: neither nothing, nor an empty list. */
function isKnown([, value]: Fact): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}
