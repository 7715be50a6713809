import type { DemoBookable, DemoHost } from './demo-booking';

/** What the demo scheduling page is made with. */
export interface DemoPageOptions {
  /** Where the connector takes deliveries of the demo's source: `http://127.0.0.1:3000/webhooks/demo`. */
  webhookUrl: string;
  /** The secret of that source. */
  secret: string;
  /** Where this page is served, without a slash at the end: goes into the bodies as Cal.com's `bookerUrl`. */
  bookerUrl: string;
  /** What can be booked; at least one. */
  pages: readonly DemoBookable[];
  /** Who holds it; at least one. */
  hosts: readonly DemoHost[];
  /** Where to see in Salesforce what became of a booking of this e-mail. Without it there is no such link. */
  recordPageUrl?: (email: string) => string;
  /** IANA name of the zone of the hosts, and of visitors until they choose; default: this machine's. */
  timeZone?: string;
  now: () => Date;
}
