import { request } from 'host/page';
import { wireAdapter } from 'host/wireAdapter';

/** The text of a query. */
export function gql(strings, ...values) {
    return String.raw({ raw: strings }, ...values);
}

/** `lightning/graphql`: emits `data`, `errors` and `refresh`. Waits while the query is undefined. */
export const graphql = wireAdapter(['query'], run, (answer, error, refresh) => ({
    data: answer?.data,
    errors: error ? [{ message: error.body?.message ?? String(error) }] : answer?.errors,
    refresh
}));

async function run({ query, variables = {}, operationName }) {
    const { data, errors } = await request('POST', '/graphql', { query, variables, operationName });
    return errors.length > 0 ? { data: Object.keys(data).length > 0 ? data : undefined, errors } : { data };
}
