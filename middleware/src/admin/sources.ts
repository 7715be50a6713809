import type { JsonValue } from '../booking/booking-event';
import { findSource, readSources, type ConfiguredSource } from '../settings/source.store';
import { instructionsFor, type Instruction } from '../source/instructions';
import { customerPageFault } from '../source/customer-page';
import { kinds, OWN_MAPPING } from '../source/kinds';
import { readMapping } from '../source/mapping';
import { assertUsable, newSecret, type AdminDeps } from './admin';
import { AdminRefusedError, InvalidArgsError, NotFoundError } from './refused';
import {
  addSecret,
  dropOldSecret,
  readActivity,
  replaceCompletion,
  replaceCustomerPage,
  replaceMapping,
  type SourceActivity,
} from './sources.store';
import { sendTest, type SourceTest } from './test-source';

/** A source as its admin sees it in the list. */
export interface ListedSource extends SourceActivity {
  id: string;
  kind: string;
  webhookUrl: string;
  completeAfterMinutes: number | null;
  /** Address of a customer's page in the system, with a placeholder for him; null: "View customer" shows our own page. */
  customerPage: string | null;
  /** How many secrets are accepted: two while one is being rotated. */
  secrets: number;
}

/** Every source, by id, with what came from it lately. */
export async function listSources({ store, teamId, now, baseUrl }: AdminDeps): Promise<ListedSource[]> {
  const [sources, activity] = [await readSources(store, teamId), await readActivity(store, now())];
  return sources.map(({ id, kind, secretsSealed, completeAfterMinutes, customerPage }) => ({
    id,
    kind,
    webhookUrl: `${baseUrl}/webhooks/${id}`,
    completeAfterMinutes,
    customerPage,
    secrets: secretsSealed.length,
    ...(activity.get(id) ?? { lastDeliveryAt: null, last24Hours: { stored: 0, ignored: 0, refused: 0 } }),
  }));
}

/** Every kind of source that can be created. */
export function listKinds(): string[] {
  return [...kinds.keys(), OWN_MAPPING];
}

/** A source with what to do in its scheduling system. */
export interface SourceDetails extends ListedSource {
  /** What an API credential of the system is called; null where its webhooks say all that is used. */
  apiCredential: string | null;
  /** A placeholder stands for the secret, which is not shown again. */
  instructions: Instruction[];
}

/**
 * One source.
 * @throws NotFoundError when there is none of that id.
 */
export async function getSource(deps: AdminDeps, { id }: { id: string }): Promise<SourceDetails> {
  const { kind, mapping } = await requireSource(deps, id);
  const listed = (await listSources(deps)).find((source) => source.id === id);
  if (listed === undefined) throw new NotFoundError(`There is no source called "${id}" any more.`);
  const tokenHeader = kind === OWN_MAPPING ? { tokenHeader: readMapping(mapping as JsonValue).tokenHeader } : {};
  const secret = '(the secret, as it was shown when the source was created)';
  return {
    ...listed,
    apiCredential: kinds.get(kind)?.complete?.access.credentialName ?? null,
    instructions: instructionsFor(kind, { webhookUrl: listed.webhookUrl, secret, ...tokenHeader }),
  };
}

/**
 * Sends a test to the source's own address; see `sendTest`.
 * @throws AdminRefusedError when there is no such source.
 */
export async function testSource(deps: AdminDeps, { id }: { id: string }): Promise<SourceTest> {
  const source = await requireSource(deps, id);
  return sendTest(deps, source, `${deps.baseUrl}/webhooks/${id}`);
}

/** What a rotation came to. */
export interface RotatedSource {
  id: string;
  /** The new secret, shown once; null when the old one was dropped. */
  secret: string | null;
  /** How many are accepted now. */
  secrets: number;
}

/**
 * Adds a new secret in front of a source's only one, which stays accepted until the rotation is finished; or finishes
 * it, by dropping the old one. Running servers see it within seconds.
 *
 * @param secret one that the scheduling system dictates; else one is made up.
 * @throws AdminRefusedError when there is no such source, when there are two secrets already, or none to drop.
 */
export async function rotateSource(
  { store, teamId, secrets }: AdminDeps,
  { id, secret, finish }: { id: string; secret?: string | undefined; finish: boolean },
): Promise<RotatedSource> {
  const { kind } = await requireSource({ store, teamId }, id);
  if (finish) {
    if (secret !== undefined) {
      throw new InvalidArgsError([{ field: 'secret', error: 'Finishing a rotation takes no secret.' }]);
    }
    if (await dropOldSecret(store, id)) return { id, secret: null, secrets: 1 };
    throw new AdminRefusedError(`The source ${id} has one secret only: no rotation is to be finished.`);
  }
  const added = secret ?? newSecret();
  assertUsable(kind, added);
  if (await addSecret(store, id, secrets.seal(added, `source:${id}`))) return { id, secret: added, secrets: 2 };
  throw new AdminRefusedError(
    `The source ${id} has two secrets already. Enter the newer one in the scheduling system, and run "booking-connector source rotate ${id} --finish" first.`,
  );
}

/** What of a source is to be changed; what is left out stays as it is. */
export interface SourceChange {
  id: string;
  mapping?: unknown;
  /** Null: only when the system says so. */
  completeAfterMinutes?: number | null | undefined;
  /** Null: the system has no page of its customers, or it is not to be opened. */
  customerPage?: string | null | undefined;
}

/**
 * Changes how the bodies of a source are read, when its bookings count as completed, or where its customers are shown.
 * What was refused is looked at again by `retry`; what was understood stays as it was.
 *
 * @throws AdminRefusedError when there is no such source or it has no mapping of its own; InvalidMappingError with
 *   every fault of the mapping; InvalidArgsError for a page that cannot be opened.
 */
export async function updateSource(
  { store, teamId }: AdminDeps,
  { id, mapping, completeAfterMinutes, customerPage }: SourceChange,
): Promise<Pick<ListedSource, 'id' | 'completeAfterMinutes' | 'customerPage'>> {
  const source = await requireSource({ store, teamId }, id);
  if (mapping === undefined && completeAfterMinutes === undefined && customerPage === undefined) {
    const error =
      'Nothing is to be changed: name a mapping, when bookings count as completed, or the page of a customer.';
    throw new InvalidArgsError([{ field: '', error }]);
  }
  const fault = typeof customerPage === 'string' ? customerPageFault(customerPage) : null;
  if (fault !== null) throw new InvalidArgsError([{ field: 'customerPage', error: fault }]);
  if (mapping !== undefined) {
    if (source.kind !== OWN_MAPPING) {
      throw new AdminRefusedError(`The source ${id} is of the kind ${source.kind}, which has no mapping of its own.`);
    }
    readMapping(mapping as JsonValue);
    await replaceMapping(store, id, mapping);
  }
  if (completeAfterMinutes !== undefined) await replaceCompletion(store, id, completeAfterMinutes);
  if (customerPage !== undefined) await replaceCustomerPage(store, id, customerPage);
  return {
    id,
    completeAfterMinutes: completeAfterMinutes === undefined ? source.completeAfterMinutes : completeAfterMinutes,
    customerPage: customerPage === undefined ? source.customerPage : customerPage,
  };
}

/** @throws NotFoundError when the team has none of that id. */
export async function requireSource(
  { store, teamId }: Pick<AdminDeps, 'store' | 'teamId'>,
  id: string,
): Promise<ConfiguredSource> {
  const source = await findSource(store, id);
  if (source?.teamId === teamId) return source;
  throw new NotFoundError(
    `There is no source called "${id}". "booking-connector source list" names those that there are.`,
  );
}
