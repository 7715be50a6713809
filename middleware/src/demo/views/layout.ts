import { html, type Html } from '../../page/html';

/** What every page of the demo knows. */
export interface Site {
  webhookUrl: string;
  recordPageUrl?: (email: string) => string;
}

/** A whole page around its content. */
export function layout({ webhookUrl }: Site, title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Demo scheduling</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/demo.css" />
        <script src="/assets/demo.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top">
          <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28" />Demo scheduling</a>
          <span class="tag">Stands in for Cal.com</span>
        </header>
        <main id="content" tabindex="-1">${content}</main>
        <footer class="foot">
          <p>
            This is a demo, not Cal.com and not made by its makers. It signs and sends the webhooks that Cal.com would
            send, to <code>${webhookUrl}</code>. It sends no e-mail, and forgets everything when it stops.
          </p>
        </footer>
      </body>
    </html>`;
}
