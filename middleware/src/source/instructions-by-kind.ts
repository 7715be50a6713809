import type { Instruction, InstructionContext } from './instructions';

type Steps = (context: Required<InstructionContext> & { id: string }) => Instruction[];

/** For systems that make the secret themselves: it takes the place of ours. */
function takeTheirSecret(id: string, where: string): Instruction {
  return {
    text: `${where} Give it to the connector, and drop the one that was made up here (not needed if you created the source with it as --secret)`,
    values: [
      `booking-connector source rotate ${id} --secret <their secret>`,
      `booking-connector source rotate ${id} --finish`,
    ],
  };
}

const calcom: Steps = ({ webhookUrl, secret }) => [
  {
    text: 'In Cal.com, make a new webhook and enter this address as its subscriber URL (in the cloud it takes https addresses only)',
    values: [webhookUrl],
    undocumented:
      'where the form is in the settings; by API it is POST /v2/webhooks with subscriberUrl, triggers, secret',
  },
  {
    text: 'Enter this as the secret (without one Cal.com signs nothing, and what it sends is answered 401)',
    values: [secret],
  },
  {
    text: 'Tick these triggers and no others (the form may show their names in words)',
    values: [
      'BOOKING_CREATED',
      'BOOKING_REQUESTED',
      'BOOKING_PAID',
      'BOOKING_RESCHEDULED',
      'BOOKING_CANCELLED',
      'BOOKING_REJECTED',
      'BOOKING_REASSIGNED',
      'BOOKING_LOCATION_UPDATED',
      'BOOKING_NO_SHOW_UPDATED',
      'MEETING_ENDED',
    ],
  },
  { text: 'Leave the custom payload template off: it replaces the body that is understood here. Save' },
  {
    text: 'Press the test button of the form. It sends a PING, which is stored as ignored',
    undocumented: 'whether the test is signed with the secret of a form that was not saved yet',
  },
];

const oncehub: Steps = ({ webhookUrl, id }) => [
  {
    text: 'In OnceHub, make a webhook by API v2 (webhooks made with API v1 are not signed, and are answered 401): POST https://api.oncehub.com/v2/webhooks with your key in the header API-Key, for this address',
    values: [webhookUrl],
    undocumented:
      'the field names of that call, in what we could read: see developers.oncehub.com, "Managing webhook subscriptions"',
  },
  {
    text: 'Subscribe to these events, or to all of them at once by the name "booking"',
    values: [
      'booking.scheduled',
      'booking.rescheduled',
      'booking.canceled_then_rescheduled',
      'booking.canceled_reschedule_requested',
      'booking.canceled',
      'booking.completed',
      'booking.no_show',
      'booking.reassigned',
    ],
  },
  takeTheirSecret(id, 'OnceHub makes the secret: it is in the answer, and later under "View secret".'),
  {
    text: "Better: let the connector ask OnceHub's API for what the webhooks leave out, the host's e-mail and the campaign. Without it the host is known only where his calendar tells",
    values: [`booking-connector source api-key ${id} --key <API key>`],
  },
];

const calendly: Steps = ({ webhookUrl, secret }) => [
  {
    text: 'Calendly has no form for webhooks in its documentation: a subscription is made by POST https://api.calendly.com/webhook_subscriptions, with your token as Authorization: Bearer. Send this address as url',
    values: [webhookUrl],
  },
  {
    text: 'Send this as signing_key (a subscription without one is never signed, and what it sends is answered 401; with an OAuth app the key is the app\'s: give that one to the connector by "source rotate")',
    values: [secret],
  },
  {
    text: 'Send these as events',
    values: ['invitee.created', 'invitee.canceled', 'invitee_no_show.created', 'invitee_no_show.deleted'],
  },
  {
    text: "Send organization, user and scope for whose bookings it is: the whole organization's, or one user's, as Calendly's reference of that call says",
  },
];

const timerex: Steps = ({ webhookUrl, secret }) => [
  {
    text: "In TimeRex, open the webhook's settings and enter this address (it takes https on port 443 with a valid certificate, and a host name, no IP address)",
    values: [webhookUrl],
    undocumented: 'where the settings are, in what we could read',
  },
  {
    text: 'Choose this header for the security token (the older "authorization" is taken too)',
    values: ['x-timerex-authorization'],
  },
  {
    text: 'Enter this as the security token (if TimeRex shows a token of its own instead, give that one to the connector by "source rotate")',
    values: [secret],
    undocumented: 'whether the token can be chosen',
  },
  {
    text: 'There are two kinds of webhook: leave both on',
    values: ['event_confirmed', 'event_cancelled'],
    undocumented: 'whether one can be switched off by itself',
  },
];

const jicoo: Steps = ({ webhookUrl, id }) => [
  {
    text: 'In Jicoo, make a webhook endpoint with this address',
    values: [webhookUrl],
    undocumented: 'where the form is, in what we could read',
  },
  {
    text: 'Choose these events',
    values: ['guest_booked', 'guest_rescheduled', 'host_rescheduled', 'guest_cancelled', 'host_cancelled'],
    undocumented: 'the two cancels: their names are from public receivers. Choose what the form calls a cancel',
  },
  takeTheirSecret(id, 'Jicoo makes a secret for the endpoint; it seems to begin with whsec_, which belongs to it.'),
  {
    text: "Better: let the connector ask Jicoo's API for the host's e-mail, which no webhook has",
    values: [`booking-connector source api-key ${id} --key <API key>`],
    undocumented: 'where the key is shown, and the exact form of the answer, in what we could read',
  },
];

const savvycal: Steps = ({ webhookUrl, secret }) => [
  {
    text: 'In SavvyCal, make a webhook with this address, in the settings or by POST /v1/webhooks of its API',
    values: [webhookUrl],
    undocumented: 'where the form is, in what we could read',
  },
  {
    text: 'If SavvyCal asks for a secret, enter this one (if it shows one of its own, give that one to the connector by "source rotate")',
    values: [secret],
    undocumented: 'which of the two it does',
  },
  {
    text: 'If it lets you choose events, choose these; all others are ignored',
    values: [
      'event.created',
      'event.approved',
      'event.declined',
      'event.rescheduled',
      'event.changed',
      'event.canceled',
      'event.checkout.completed',
    ],
    undocumented: 'whether events can be chosen',
  },
];

const acuity: Steps = ({ webhookUrl, id }) => [
  {
    text: 'In Acuity, find the user id and the API key of the account. The API key also signs the webhooks: the source has to be created with it as --secret, or be given it now',
    values: [
      `booking-connector source rotate ${id} --secret <API key>`,
      `booking-connector source rotate ${id} --finish`,
    ],
    undocumented: 'where in the settings they are shown, in what we could read',
  },
  {
    text: 'Let the connector ask the API: the webhooks name an appointment and say no more, so nothing is written without it',
    values: [`booking-connector source api-key ${id} --key <user id>:<API key>`],
  },
  {
    text: 'Make webhooks for these events, with this address (Acuity sends to the ports 443 and 80 only)',
    values: [webhookUrl, 'scheduled', 'rescheduled', 'canceled', 'changed'],
  },
];

const standard: Steps = ({ webhookUrl, secret }) => [
  {
    text: 'In your sender, POST JSON to this address (docs/sources/standard.md describes the body and has a whole sender to copy)',
    values: [webhookUrl],
  },
  {
    text: 'Sign by Standard Webhooks with this secret, in base64 (whsec_ before it changes nothing)',
    values: [secret],
  },
  {
    text: 'Send these headers with each delivery',
    values: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  },
  { text: 'See what a body of yours becomes', values: ['booking-connector translate standard body.json'] },
];

const mapped: Steps = ({ webhookUrl, secret, tokenHeader }) => [
  { text: 'Tell the sender to POST its bodies, as JSON or as a form, to this address', values: [webhookUrl] },
  {
    text: 'Tell it to send this header with each, over https, since whoever reads the token can send bookings (Authorization: Bearer with the same token is taken too)',
    values: [`${tokenHeader}: ${secret}`],
  },
  {
    text: 'See what a body of each kind becomes: booked, moved, canceled (docs/sources/mapped.md explains mappings)',
    values: ['booking-connector translate mapped:./mapping.json body.json'],
  },
];

const tenToEight: Steps = ({ webhookUrl, secret, tokenHeader }) => [
  {
    text: 'In an automation tool, start a flow with the 10to8 trigger "When a booking is made"',
    undocumented:
      'any webhook of 10to8 itself: only polling triggers of automation tools are. How they name the trigger may differ',
  },
  {
    text: 'Let the flow POST JSON to this address',
    values: [webhookUrl],
  },
  { text: 'Let it send this header', values: [`${tokenHeader}: ${secret}`] },
  {
    text: 'As the body send the item of the trigger as it is, or the body of docs/sources/mapped.md, section 10to8, with staff_email for the host',
    undocumented: 'how times are written there. One without a zone is refused: add the zone in the flow',
  },
  {
    text: 'If your tool can tell of moved and canceled bookings, send those too, with the same booking_id and one of these as event',
    values: ['booking.rescheduled', 'booking.cancelled', 'booking.completed', 'booking.no_show'],
    undocumented: 'a trigger for them: there is one for requests in the inbox (change or cancel)',
  },
];

const youCanBookMe: Steps = ({ webhookUrl, secret, tokenHeader }) => [
  {
    text: "On each booking page, under notifications, add a webhook for each of these moments, with the method POST and this address (the last is a follow-up after the appointment's end)",
    values: [webhookUrl, 'booking made', 'rescheduled', 'cancelled', 'no-show', 'after the booking'],
  },
  { text: 'Add this header to each', values: [`${tokenHeader}: ${secret}`] },
  {
    text: 'As the payload paste the template of docs/sources/mapped.md, section YouCanBookMe, and keep the order of its lines',
    undocumented: 'the codes {REF}, {LNAME} and {PHONE}: look them up in your account',
  },
  {
    text: 'In each webhook, write its own word as event',
    values: ['booking.created', 'booking.rescheduled', 'booking.cancelled', 'booking.no_show', 'booking.completed'],
  },
];

/** What to do in each system, up to the point where a booking can be made. */
export const INSTRUCTIONS: ReadonlyMap<string, Steps> = new Map([
  ['calcom', calcom],
  ['oncehub', oncehub],
  ['calendly', calendly],
  ['timerex', timerex],
  ['jicoo', jicoo],
  ['savvycal', savvycal],
  ['acuity', acuity],
  ['standard', standard],
  ['mapped', mapped],
  ['mapped:10to8', tenToEight],
  ['mapped:youcanbookme', youCanBookMe],
]);
