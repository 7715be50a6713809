import type { Db } from '../store/db';

/** A configured scheduling system. */
export interface ConfiguredSource {
  /** Short name that the admin gave; part of its address and of every `Booking_Id__c`, so it is fixed once used. */
  id: string;
  teamId: string;
  /** Which system: see `source/kinds.ts`. */
  kind: string;
  /** Sealed under the context `source:<id>`; newest first. */
  secretsSealed: string[];
  /** How its bodies are read, for a source of the kind `mapped`; null for all others. */
  mapping: unknown;
  /** Its bookings count as completed so long after their end; null: only when the system says so. */
  completeAfterMinutes: number | null;
  /** Address of a customer's page in the system, with a placeholder for him: see `source/customer-page.ts`; null: none. */
  customerPage: string | null;
}

/** A source id that is taken. */
export class SourceExistsError extends Error {
  override readonly name = 'SourceExistsError';
  readonly code = 'SOURCE_EXISTS';

  constructor(id: string) {
    super(`There is a source called ${id} already. Choose another name.`);
  }
}

/** @throws SourceExistsError when the id is taken. */
export async function insertSource(db: Db, source: ConfiguredSource, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `insert into source (id, team_id, kind, secrets_sealed, mapping, complete_after_minutes, customer_page,
       created_at)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8) on conflict (id) do nothing`,
    [
      source.id,
      source.teamId,
      source.kind,
      source.secretsSealed,
      source.mapping === null ? null : JSON.stringify(source.mapping),
      source.completeAfterMinutes,
      source.customerPage,
      now.toISOString(),
    ],
  );
  if (rowCount !== 1) throw new SourceExistsError(source.id);
}

/** @returns null when there is none of that id. */
export async function findSource(db: Db, id: string): Promise<ConfiguredSource | null> {
  const { rows } = await db.query<SourceRow>(`${SELECT} where id = $1`, [id]);
  return rows.map(toSource)[0] ?? null;
}

/** Every source of a team, by id. */
export async function readSources(db: Db, teamId: string): Promise<ConfiguredSource[]> {
  const { rows } = await db.query<SourceRow>(`${SELECT} where team_id = $1 order by id`, [teamId]);
  return rows.map(toSource);
}

const SELECT = 'select id, team_id, kind, secrets_sealed, mapping, complete_after_minutes, customer_page from source';

interface SourceRow {
  id: string;
  team_id: string;
  kind: string;
  secrets_sealed: string[];
  mapping: unknown;
  complete_after_minutes: number | null;
  customer_page: string | null;
}

function toSource(row: SourceRow): ConfiguredSource {
  return {
    id: row.id,
    teamId: row.team_id,
    kind: row.kind,
    secretsSealed: row.secrets_sealed,
    mapping: row.mapping ?? null,
    completeAfterMinutes: row.complete_after_minutes,
    customerPage: row.customer_page,
  };
}
