import { bookingExternalId } from '../booking/booking';
import type { DueBooking } from '../booking/booking.store';
import { readLinks, recognizeCustomers, type OrgGeneration } from '../customer/customer.store';
import { normalizeEmail } from '../customer/email';
import { readLinksOfHosts } from '../host/host-link.store';
import type { Candidate } from '../match/candidate';
import { settingsForPage } from '../settings/page-settings';
import type { SettingsVersion } from '../settings/settings';
import { readSettings } from '../settings/settings.store';
import type { Store } from '../store/store';

/**
 * Puts together what our own store knows of bookings: their customers, the records these are linked to, and the settings
 * that count for their pages, pinned at this moment.
 */
export async function toCandidates(
  due: DueBooking[],
  org: OrgGeneration,
  { store, now }: { store: Store; now: () => Date },
): Promise<Candidate[]> {
  const settings = await readSettings(store, [...new Set(due.map(({ booking }) => booking.teamId))]);
  const customers = await recognizeCustomers(
    store,
    due.map(({ booking }) => ({
      bookingId: booking.id,
      teamId: booking.teamId,
      sourceId: booking.sourceId,
      sourceCustomerId: booking.state.customer?.id ?? null,
      email: booking.state.customer?.email ?? null,
    })),
    now(),
  );
  const links = await readLinks(store, org, [...new Set(customers.values())]);
  const hostOf = ({ state }: Candidate['booking']): string | null => normalizeEmail(state.host?.email ?? null);
  const hosts = due.map(({ booking }) => hostOf(booking)).filter((host) => host !== null);
  const hostLinks = await readLinksOfHosts(store, org.orgId, { teamIds: [...settings.keys()], hosts });
  const settingsOf = pinnedOnce();
  return due.flatMap(({ booking, written }) => {
    const customerId = customers.get(booking.id);
    const version = settings.get(booking.teamId);
    if (customerId === undefined || version === undefined) return [];
    return [
      {
        booking,
        externalId: bookingExternalId(booking),
        customerId,
        link: links.get(customerId) ?? null,
        adopted: null,
        hostUserId: hostLinks.of(booking.teamId, hostOf(booking))?.userId ?? null,
        written: written?.generation === org.generation ? written : null,
        settings: settingsOf(version, booking),
      },
    ];
  });
}

/** {@link pinned}, made once for all bookings of a page in a batch. */
function pinnedOnce(): typeof pinned {
  const known = new Map<string, Candidate['settings']>();
  return (version, booking) => {
    const key = JSON.stringify([version.teamId, booking.sourceId, booking.state.page?.id ?? null]);
    const settings = known.get(key) ?? pinned(version, booking);
    known.set(key, settings);
    return settings;
  };
}

/** The settings of a version as they count for a booking's page. */
export function pinned(
  { teamId, version, settings }: SettingsVersion,
  { sourceId, state }: Pick<Candidate['booking'], 'sourceId' | 'state'>,
): Candidate['settings'] {
  return { teamId, version, settings: settingsForPage(settings, sourceId, state.page?.id ?? null) };
}
