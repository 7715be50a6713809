const SYSTEMS: Readonly<Record<string, string>> = {
  oncehub: 'OnceHub',
  calcom: 'Cal.com',
  calendly: 'Calendly',
  timerex: 'TimeRex',
  jicoo: 'Jicoo',
  savvycal: 'SavvyCal',
  acuity: 'Acuity Scheduling',
  'mapped:10to8': '10to8',
  'mapped:youcanbookme': 'YouCanBookMe',
};

/** Ways for any other system. */
const WAYS: Readonly<Record<string, string>> = { standard: 'Standard format', mapped: 'Own mapping' };

/** A kind of source as people call the system behind it: "Cal.com" for `calcom`. Pure. */
export function systemName(kind: string): string {
  return SYSTEMS[kind] ?? WAYS[kind] ?? kind;
}

/** Whether a kind of source is one system, and not a way for any. Pure. */
export function isSystem(kind: string): boolean {
  return kind in SYSTEMS;
}
