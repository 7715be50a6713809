/** Text that is HTML already. Only `html` and `attribute` make it, so everything else is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** What a template may hold; nothing is written for null, undefined and false. */
export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes HTML of a template: its own text is taken as it is, every value in it is escaped. */
export function html(strings: TemplateStringsArray, ...parts: HtmlPart[]): Html {
  return new Html(strings.reduce((text, string, index) => text + render(parts[index - 1]) + string));
}

/** An attribute that is left out when its value is null, undefined or false; `true` writes the name alone. */
export function attribute(name: string, value: string | boolean | null | undefined): Html {
  if (value === null || value === undefined || value === false) return new Html('');
  return new Html(value === true ? name : `${name}="${escape(value)}"`);
}

function render(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return escape(String(part));
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
