/**
 * A booking as the list shows it.
 *
 * @typedef {object} Booking
 * @property {string} id of its Event
 * @property {string} subject
 * @property {string} startsAt ISO 8601, UTC
 * @property {string} endsAt ISO 8601, UTC
 * @property {string | undefined} status as it is stored; undefined when the user may not see it
 * @property {string | undefined} statusLabel in the language of the user
 * @property {string | undefined} reason why it was canceled or moved
 * @property {string | undefined} host
 */

/**
 * Parts the bookings of an answer by the clock: what has not ended yet, the next one first, and what has, the latest first.
 *
 * @param {object} found `data.uiapi.query` of BOOKINGS_QUERY
 * @param {Date} now
 * @returns {{ upcoming: Booking[], past: Booking[], hasMore: boolean }} `hasMore` when there are more of either kind than were asked for
 */
export function partBookings({ ahead, before }, now) {
    const bookings = [...ahead.edges, ...before.edges].map(({ node }) => toBooking(node));
    const isOver = ({ endsAt }) => new Date(endsAt) < now;
    return {
        upcoming: bookings.filter((booking) => !isOver(booking)).sort(byStart),
        past: bookings.filter(isOver).sort((a, b) => byStart(b, a)),
        hasMore: ahead.pageInfo.hasNextPage || before.pageInfo.hasNextPage
    };
}

/**
 * What errors of the query mean for the user.
 *
 * @param {{ message?: string }[]} errors
 * @returns {'noAccess' | 'unavailable' | 'failed'} the fields of bookings are hidden from him; the org does not answer such
 * queries, as Professional Edition does not; or anything else, which may pass
 */
export function meaningOf(errors) {
    const text = errors.map(({ message }) => message ?? '').join(' ');
    if (/Booking_Id__c/.test(text)) return 'noAccess';
    return /'Event'|NOT_FOUND|not (?:enabled|supported|available)|requested resource does not exist/i.test(text)
        ? 'unavailable'
        : 'failed';
}

/** @returns {Booking} */
function toBooking({ Id, Subject, StartDateTime, EndDateTime, status, reason, Owner }) {
    return {
        id: Id,
        subject: Subject?.value ?? '',
        startsAt: StartDateTime.value,
        endsAt: EndDateTime?.value ?? StartDateTime.value,
        status: status?.value ?? undefined,
        statusLabel: status?.displayValue ?? undefined,
        reason: reason?.value ?? undefined,
        host: Owner?.Name?.value ?? undefined
    };
}

/** Negative when the first booking begins before the second. */
function byStart(a, b) {
    return new Date(a.startsAt).getTime() - new Date(b.startsAt).getTime();
}
