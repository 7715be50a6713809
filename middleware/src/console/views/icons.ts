import { html, type Html } from '../../page/html';

const icon = (paths: Html): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
    ${paths}
  </svg>`;

/** Line drawings that say nothing to a screen reader: the text beside them does. */
export const ICONS = {
  check: icon(html`<path d="m5.5 12.5 4.5 4.5 8.5-9.5" />`),
  warning: icon(html`<path d="M12 4.5 21 19.5H3zM12 10v4.5M12 17v.2" />`),
  inbox: icon(html`<path d="M4 13.5 6.5 5h11l2.5 8.5v5H4zM4 13.5h4.5l1.5 2.5h4l1.5-2.5h4.5" />`),
  event: icon(html`<rect x="4" y="5.5" width="16" height="14.5" rx="2.5" /><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4" />`),
  turn: icon(html`<path d="M5 12a7 7 0 0 1 12-5l2 2M19 12a7 7 0 0 1-12 5l-2-2M19 4.5V9h-4.5M5 19.5V15h4.5" />`),
  play: icon(html`<path d="M8 5.5v13l10.5-6.5z" />`),
  pause: icon(html`<path d="M8.5 6v12M15.5 6v12" />`),
} as const;
