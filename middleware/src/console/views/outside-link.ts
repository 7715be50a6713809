import { attribute, html, type Html } from '../../page/html';

/** A link that leaves the console, in a new tab; the page that it leads to does not learn where it was. */
export function outsideLink(url: string, text: string, className: string | null = null): Html {
  return html`<a ${attribute('class', className)} href="${url}" target="_blank" rel="noopener noreferrer">${text}</a>`;
}
