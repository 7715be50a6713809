import { html, type Html } from '../html';

const GLYPHS: Readonly<Record<string, Html>> = {
  Lead: html`<path d="m12 3.5 2.5 5.4 5.9.7-4.4 4 1.2 5.9-5.2-3-5.2 3L8 13.6 3.6 9.6l5.9-.7z" />`,
  Contact: html`<path
    d="M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5m4 3a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4M5 16.3h7c0-2-1.6-3-3.5-3S5 14.3 5 16.3M14 9v1.5h5V9zm0 3.5V14h5v-1.5z"
  />`,
  Account: html`<path
    d="M4 20V5.5L12.5 3v5H20v12h-5.5v-3.5h-2V20zm2.8-11.5v2h2v-2zm0 4v2h2v-2zm5.7-1.5v2h2v-2zm3.5 0v2h2v-2z"
  />`,
  Opportunity: html`<path d="M3.5 7.5 8 11l4-6.5L16 11l4.5-3.5L19 16H5zM5 17.5h14V20H5z" />`,
  Case: html`<path
    d="M8.5 6V4.5A1.5 1.5 0 0 1 10 3h4a1.5 1.5 0 0 1 1.5 1.5V6h4A1.5 1.5 0 0 1 21 7.5V12H3V7.5A1.5 1.5 0 0 1 4.5 6zm1.8 0h3.4V4.8h-3.4zM3 13.5h7V15h4v-1.5h7v5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18.5z"
  />`,
  Event: html`<path
    d="M7 3h2v2h6V3h2v2h2.5A1.5 1.5 0 0 1 21 6.5V9H3V6.5A1.5 1.5 0 0 1 4.5 5H7zM3 10.5h18v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18.5zm3.5 2.8v3h3v-3z"
  />`,
  User: html`<path d="M12 3.5a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4M4 20c0-4.2 3.6-6.5 8-6.5s8 2.3 8 6.5z" />`,
};

const OTHER = html`<path d="M5 4h14v4H5zm0 6h14v4H5zm0 6h14v4H5z" />`;

/** The coloured square of an object. Says nothing to a screen reader: the name stands beside it. */
export function objectIcon(sobject: string, size: 'small' | 'large' = 'small'): Html {
  const kind = GLYPHS[sobject] === undefined ? 'Other' : sobject;
  return html`<span class="icon ${size} icon-${kind}" aria-hidden="true"
    ><svg viewBox="0 0 24 24" focusable="false">${GLYPHS[sobject] ?? OTHER}</svg></span
  >`;
}
