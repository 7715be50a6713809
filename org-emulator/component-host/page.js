// What the page says about the user who looks at it, and about the language that he reads.
const told = document.querySelector('[data-component-page]');

/** @type {{ userId: string, lang: string, locale: string, timeZone: string, apiVersion: string, labels: Record<string, string> }} */
export const page = JSON.parse(told?.dataset.componentPage ?? '{"labels":{}}');

/** The text of a custom label in the user's language. */
export function label(name) {
    return page.labels[name] ?? `[${name}]`;
}

/** Asks the org as the user of the page. Refusals are thrown as the platform's modules throw them. */
export async function request(method, path, body) {
    const response = await fetch(`/lightning/api/${page.apiVersion}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : null;
    if (response.ok) return json;
    const [error] = Array.isArray(json) ? json : [{ errorCode: 'UNKNOWN_EXCEPTION', message: text.slice(0, 200) }];
    throw {
        ok: false,
        status: response.status,
        statusText: response.statusText,
        body: { ...error, statusCode: response.status },
        errorType: 'fetchResponse'
    };
}
