const DAY_MS = 86_400_000;

/** A span of calendar days in UTC, from its first day up to but not including `until`; `YYYY-MM-DD`. */
export interface DateSpan {
  from: string;
  until: string;
}

/**
 * The days that a date literal (`TODAY`, `LAST_N_DAYS:7`) means at an instant. Weeks start on Sunday; fiscal periods are
 * calendar ones. Null when the literal is not known.
 *
 * @see SOQL and SOSL Reference, Date Formats and Date Literals
 */
export function spanOfDateLiteral(literal: string, now: Date): DateSpan | null {
  const [name = '', count] = literal.toUpperCase().replace('FISCAL_', '').split(':');
  const today = startOfDay(now);
  const n = Number(count ?? 0);
  const fixed: Record<string, () => DateSpan> = {
    YESTERDAY: () => days(today, -1, 0),
    TODAY: () => days(today, 0, 1),
    TOMORROW: () => days(today, 1, 2),
    LAST_90_DAYS: () => days(today, -90, 1),
    NEXT_90_DAYS: () => days(today, 1, 91),
    // The day itself counts among the last, not among the next.
    LAST_N_DAYS: () => days(today, -n, 1),
    NEXT_N_DAYS: () => days(today, 1, n + 1),
    N_DAYS_AGO: () => days(today, -n, 1 - n),
  };
  const simple = fixed[name];
  if (simple) return simple();
  const period =
    /^(?:(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)|(LAST|NEXT)_N_(WEEK|MONTH|QUARTER|YEAR)S|N_(WEEK|MONTH|QUARTER|YEAR)S_AGO)$/.exec(
      name,
    );
  if (!period) return null;
  const [, one, oneUnit, many, manyUnit, agoUnit] = period;
  const unit = (oneUnit ?? manyUnit ?? agoUnit ?? 'WEEK') as Unit;
  const start = (steps: number): string => iso(startOf(unit, today, steps));
  if (one) {
    const at = one === 'LAST' ? -1 : one === 'NEXT' ? 1 : 0;
    return { from: start(at), until: start(at + 1) };
  }
  if (agoUnit) return { from: start(-n), until: start(1 - n) };
  return many === 'LAST' ? { from: start(-n), until: start(0) } : { from: start(1), until: start(n + 1) };
}

type Unit = 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

function startOf(unit: Unit, day: Date, steps: number): Date {
  const year = day.getUTCFullYear();
  const month = day.getUTCMonth();
  switch (unit) {
    case 'WEEK':
      return new Date(day.getTime() + (steps * 7 - day.getUTCDay()) * DAY_MS);
    case 'MONTH':
      return new Date(Date.UTC(year, month + steps, 1));
    case 'QUARTER':
      return new Date(Date.UTC(year, month - (month % 3) + steps * 3, 1));
    case 'YEAR':
      return new Date(Date.UTC(year + steps, 0, 1));
  }
}

function days(today: Date, from: number, until: number): DateSpan {
  return {
    from: iso(new Date(today.getTime() + from * DAY_MS)),
    until: iso(new Date(today.getTime() + until * DAY_MS)),
  };
}

function startOfDay(now: Date): Date {
  return new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}
