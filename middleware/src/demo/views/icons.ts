import { html, type Html } from '../../page/html';

const icon = (paths: Html): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
    ${paths}
  </svg>`;

/** Line drawings that say nothing to a screen reader: the text beside them does. */
export const ICONS = {
  clock: icon(html`<circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" />`),
  calendar: icon(
    html`<rect x="4" y="5.5" width="16" height="14.5" rx="2.5" /><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4" />`,
  ),
  video: icon(html`<rect x="3.5" y="7" width="11.5" height="10" rx="2.5" /><path d="m15 11 5.5-3v8L15 13" />`),
  person: icon(html`<circle cx="12" cy="8.5" r="3.75" /><path d="M5 20c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5" />`),
  globe: icon(
    html`<circle cx="12" cy="12" r="8.5" /><path d="M3.5 12h17M12 3.5c3 3 3 14 0 17M12 3.5c-3 3-3 14 0 17" />`,
  ),
  note: icon(html`<path d="M6 4.5h12v11l-4 4H6zM9 9h6M9 12.5h6M18 15.5h-4v4" />`),
  check: icon(html`<path d="m5.5 12.5 4.5 4.5 8.5-9.5" />`),
  cross: icon(html`<path d="m6.5 6.5 11 11M17.5 6.5l-11 11" />`),
  move: icon(html`<path d="M5 12h13M13 6.5l5.5 5.5-5.5 5.5" />`),
  warning: icon(html`<path d="M12 4.5 21 19.5H3zM12 10v4.5M12 17v.2" />`),
} as const;

/** The first letters of a name, in a circle. */
export function avatar(name: string): Html {
  const letters = name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase())
    .join('');
  return html`<span class="avatar" aria-hidden="true">${letters}</span>`;
}
