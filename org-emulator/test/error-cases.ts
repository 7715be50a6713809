import { createSign, generateKeyPairSync } from 'node:crypto';
import type { TestOrg } from './support';
import { row, visit, type Answer } from './support';

/** A request of which a real org was seen to answer a recorded error body. */
export interface ErrorCase {
  /** Name of the recorded body. */
  file: string;
  status: number;
  /** Provokes the error twice: as our fixture has it, and with other fields and values. */
  requests: [(org: TestOrg) => Promise<Answer>, (org: TestOrg) => Promise<Answer>];
  /** Set when the words are the administrator's own, so that only the shape can be compared. */
  isFreeText?: boolean;
  /** Set when the body has parts that a recording of one org has in another number. */
  isOurShape?: boolean;
}

const collection = (records: unknown[], allOrNone = false): unknown => ({ allOrNone, records });

/** A form post to the token endpoint. */
export async function token(org: TestOrg, form: Record<string, string>): Promise<Answer> {
  return org.request('POST', '/services/oauth2/token', new URLSearchParams(form).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
}

/** A signed JWT bearer assertion. */
export function assertion(privateKey: string, claims: Record<string, unknown>): string {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const unsigned = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`;
}

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

async function jwt(org: TestOrg, sub: string): Promise<Answer> {
  await org.control('POST', '/settings', { jwtCertificate: keys.publicKey });
  return token(org, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: assertion(keys.privateKey, {
      iss: org.emulator.clientId,
      sub,
      aud: org.emulator.url,
      exp: Math.floor(Date.now() / 1000) + 120,
    }),
  });
}

async function faulty(org: TestOrg, path: string, effect: Record<string, unknown>): Promise<Answer> {
  await org.control('POST', '/faults', { match: { times: 1 }, effect });
  return org.api('GET', path);
}

async function locked(
  org: TestOrg,
  sobject: string,
  fields: Record<string, unknown>,
  change: Record<string, unknown>,
): Promise<Answer> {
  const id = await org.create(sobject, fields);
  await org.control('POST', '/faults', { match: { times: 1, sobject }, effect: { rowLock: true } });
  return org.api('PATCH', `/sobjects/${sobject}/${id}`, change);
}

async function twoOpportunities(org: TestOrg, key: string): Promise<void> {
  for (const Name of ['One', 'Two']) {
    await org.create('Opportunity', { Name, StageName: 'Prospecting', CloseDate: '2026-12-24', Patron_Key__c: key });
  }
}

async function hiddenParent(
  org: TestOrg,
  sobject: string,
  child: (id: string) => Record<string, unknown>,
): Promise<Answer> {
  const id = await org.create(sobject, { Name: 'Secret' });
  await org.control('POST', '/settings', { privateObjects: [sobject] });
  return org.as(org.emulator.users.standard[0]).api('POST', '/sobjects/Opportunity', {
    Name: 'Deal',
    StageName: 'Prospecting',
    CloseDate: '2026-12-24',
    ...child(id),
  });
}

async function duplicates(
  org: TestOrg,
  rule: Record<string, unknown>,
  existing: Record<string, unknown>,
  added: [string, Record<string, unknown>],
): Promise<Answer> {
  await org.create('Contact', existing);
  await org.control('POST', '/settings', { duplicateRules: [rule] });
  return org.api('POST', `/sobjects/${added[0]}`, added[1]);
}

export const ERROR_CASES: ErrorCase[] = [
  {
    file: 'api_disabled_for_org',
    status: 403,
    requests: [
      async (org) => {
        await org.control('POST', '/settings', { apiEnabled: false });
        return org.api('GET', '/limits');
      },
      async (org) => {
        await org.control('POST', '/settings', { apiEnabled: false });
        return org.api('POST', '/sobjects/Lead', { LastName: 'Sato', Company: 'Acme' });
      },
    ],
  },
  {
    file: 'collections.all_or_none_rolled_back',
    status: 200,
    requests: [
      (org) =>
        org.api(
          'POST',
          '/composite/sobjects',
          collection([row('Lead', { LastName: 'Mori' }), row('Lead', { LastName: 'Sato', Company: 'Acme' })], true),
        ),
      (org) =>
        org.api(
          'POST',
          '/composite/sobjects',
          collection([row('Contact', {}), row('Contact', { LastName: 'Sato' })], true),
        ),
    ],
  },
  {
    file: 'collections.invalid_email_address',
    status: 200,
    requests: [
      (org) =>
        org.api(
          'POST',
          '/composite/sobjects',
          collection([
            row('Contact', { LastName: 'Sato' }),
            row('Contact', { LastName: 'Mori', Email: 'nobody at home' }),
          ]),
        ),
      async (org) => {
        const ids = [
          await org.create('Contact', { LastName: 'Sato' }),
          await org.create('Contact', { LastName: 'Mori' }),
        ];
        return org.api(
          'PATCH',
          '/composite/sobjects',
          collection([
            row('Contact', { id: ids[0], Email: 'sato@example.com' }),
            row('Contact', { id: ids[1], email_field__c: 'badone' }),
          ]),
        );
      },
    ],
  },
  {
    file: 'collections.missing_attributes',
    status: 200,
    requests: [
      (org) =>
        org.api(
          'PATCH',
          '/composite/sobjects/Contact/Patron_Key__c',
          collection([{ Patron_Key__c: 'c-1', LastName: 'Sato' }]),
        ),
      (org) =>
        org.api(
          'PATCH',
          '/composite/sobjects/Event/Visit_Key__c',
          collection([
            row(
              'Event',
              visit({ Visit_Key__c: 'v-1', Who: { Patron_Key__c: 'c-1', attributes: { type: 'Contact' } } }),
            ),
          ]),
        ),
    ],
  },
  {
    file: 'collections.required_field_missing',
    status: 200,
    requests: [
      (org) => org.api('POST', '/composite/sobjects', collection([row('Contact', { FirstName: 'Yuki' })])),
      (org) => org.api('POST', '/composite/sobjects', collection([row('Account', { Phone: '1' })])),
    ],
  },
  {
    file: 'collections.update_without_id',
    status: 200,
    requests: [
      (org) =>
        org.api('PATCH', '/composite/sobjects', collection([row('Contact', { Title: 'Dr' }), row('Contact', {})])),
      (org) =>
        org.api('PATCH', '/composite/sobjects', collection([row('Event', visit()), row('Event', { Subject: 'x' })])),
    ],
  },
  {
    file: 'composite.not_found',
    status: 200,
    requests: [
      (org) =>
        org.api('POST', '/composite', {
          compositeRequest: [{ method: 'GET', url: '/services/data/v67.0/sobjects/Nope/x', referenceId: 'gone' }],
        }),
      (org) =>
        org.api('POST', '/composite', {
          compositeRequest: [
            {
              method: 'GET',
              url: '/services/data/v60.0/sobjects/Contact/003Em0000000999',
              referenceId: 'CCI__RefId__0__',
            },
          ],
        }),
    ],
  },
  {
    file: 'composite.processing_halted',
    status: 200,
    // The recording was made before messages of this kind named the field by its label.
    isOurShape: true,
    requests: [
      (org) => halted(org, 'Event', visit(), visit({ Why__c: 'abcdefghijklmnopqrstuvwxyz' })),
      (org) => halted(org, 'Account', { Name: 'Acme' }, { Name: 'Beta', Phone: '1'.repeat(41) }),
    ],
  },
  {
    file: 'duplicate_value',
    status: 400,
    requests: [
      async (org) => {
        await org.create('Event', visit({ Visit_Key__c: 'v-1' }));
        return org.api('POST', '/sobjects/Event', visit({ Visit_Key__c: 'v-1' }));
      },
      async (org) => {
        await org.create('Lead', { LastName: 'Sato', Company: 'Acme', Patron_Key__c: 'C-1' });
        const id = await org.create('Lead', { LastName: 'Mori', Company: 'Acme' });
        return org.api('PATCH', `/sobjects/Lead/${id}`, { Patron_Key__c: 'c-1' });
      },
    ],
  },
  {
    file: 'duplicates_detected',
    status: 400,
    isFreeText: true,
    requests: [
      (org) =>
        duplicates(
          org,
          {
            sobject: 'Lead',
            name: 'Same_Phone',
            action: 'block',
            message: 'Ask your manager.',
            matchFields: ['Phone'],
            matchObject: 'Contact',
            matchRule: 'Phone_Match',
            matchEngine: 'ExactMatchEngine',
          },
          { LastName: 'Sato', Phone: '123' },
          ['Lead', { LastName: 'Sato', Company: 'Acme', Phone: '123' }],
        ),
      (org) =>
        duplicates(org, { sobject: 'Contact', action: 'alert' }, { LastName: 'Sato', Email: 'sato@example.com' }, [
          'Contact',
          { LastName: 'Satoh', Email: 'SATO@example.com' },
        ]),
    ],
  },
  {
    file: 'entity_is_deleted',
    status: 404,
    requests: [
      async (org) => {
        const id = await org.create('Contact', { LastName: 'Sato' });
        await org.api('DELETE', `/sobjects/Contact/${id}`);
        return org.api('PATCH', `/sobjects/Contact/${id}`, { Title: 'Dr' });
      },
      async (org) => {
        const id = await org.create('Event', visit());
        await org.api('DELETE', `/composite/sobjects?ids=${id}`);
        return org.api('DELETE', `/sobjects/Event/${id}`);
      },
    ],
  },
  {
    file: 'field_custom_validation_exception',
    status: 400,
    isFreeText: true,
    requests: [
      async (org) => {
        const rule = {
          sobject: 'Event',
          field: 'Location',
          refuses: 'blank',
          message: 'A visit needs a place.',
          errorField: 'Location',
        };
        await org.control('POST', '/settings', { validationRules: [rule] });
        return org.api('POST', '/sobjects/Event', visit());
      },
      async (org) => {
        const rule = {
          sobject: 'Contact',
          field: 'Title',
          refuses: 'equal',
          value: 'Dr',
          message: 'No doctors.',
          errorField: 'Title',
        };
        await org.control('POST', '/settings', { validationRules: [rule] });
        return org.api('POST', '/sobjects/Contact', { LastName: 'Sato', Title: 'Dr' });
      },
    ],
  },
  {
    file: 'field_integrity_exception.country_before_state',
    status: 400,
    // The recording has its keys in alphabetical order, which no other recording has.
    isOurShape: true,
    requests: [
      async (org) => {
        await org.control('POST', '/settings', { stateAndCountryPicklists: true });
        return org.api('POST', '/sobjects/Contact', { LastName: 'Sato', MailingState: 'Tokyo' });
      },
      async (org) => {
        await org.control('POST', '/settings', { stateAndCountryPicklists: true });
        return org.api('POST', '/sobjects/Lead', { LastName: 'Sato', Company: 'Acme', State: 'Tokyo' });
      },
    ],
  },
  {
    file: 'insufficient_access_on_cross_reference_entity',
    status: 400,
    requests: [
      (org) => hiddenParent(org, 'Campaign', (CampaignId) => ({ CampaignId })),
      (org) => hiddenParent(org, 'Account', (AccountId) => ({ AccountId })),
    ],
  },
  {
    file: 'invalid_cross_reference_key.missing_record',
    status: 404,
    requests: [
      (org) => org.api('PATCH', '/sobjects/Contact/003Em0000000999', { Title: 'Dr' }),
      (org) => org.api('DELETE', '/sobjects/Event/00UEm0000000999'),
    ],
  },
  {
    file: 'invalid_field.write',
    status: 400,
    requests: [
      (org) => org.api('POST', '/sobjects/Lead', { LastName: 'Sato', Company: 'Acme', Colour__c: 'red' }),
      (org) => org.api('PATCH', '/sobjects/Account/001Em0000000001', { AccountNumer: '1' }),
    ],
  },
  {
    file: 'invalid_field_for_insert_update',
    status: 400,
    requests: [
      (org) => org.api('POST', '/sobjects/Case', { CaseNumber: '1', IsClosed: true }),
      (org) => org.api('POST', '/sobjects/Contact', { LastName: 'Sato', MasterRecordId: '003Em0000000001' }),
    ],
  },
  {
    file: 'invalid_session_id',
    status: 401,
    requests: [
      (org) => org.api('GET', '/limits', undefined, { authorization: 'Bearer 00Dxx0000000000!nothing' }),
      async (org) => {
        await org.control('POST', '/faults', { effect: { expireSession: true } });
        return org.query('SELECT Id FROM Lead');
      },
    ],
  },
  {
    file: 'invalid_session_id.not_valid_for_rest',
    status: 401,
    requests: [(org) => withoutApiScope(org, 'openid'), (org) => withoutApiScope(org, 'profile email')],
  },
  {
    file: 'invalid_type.query',
    status: 400,
    requests: [
      (org) => org.query('SELECT Id FROM Leed'),
      (org) => org.query('SELECT Id,Name,BillingCity,IsDeleted FROM Accout'),
    ],
  },
  {
    file: 'multiple_choices_300',
    status: 300,
    requests: [
      async (org) => {
        await twoOpportunities(org, 'c-1');
        return org.api('GET', '/sobjects/Opportunity/Patron_Key__c/c-1');
      },
      async (org) => {
        await twoOpportunities(org, 'x/y z');
        return org.api('PATCH', `/sobjects/Opportunity/Patron_Key__c/${encodeURIComponent('x/y z')}`, {
          Name: 'Three',
        });
      },
    ],
  },
  {
    file: 'not_found.external_id_field',
    status: 404,
    requests: [
      (org) => org.api('PATCH', '/sobjects/Contact/Phone/123', { LastName: 'Sato' }),
      (org) => org.api('GET', '/sobjects/Account/Namez/Acme'),
    ],
  },
  {
    file: 'not_found.resource',
    status: 404,
    requests: [(org) => org.api('GET', '/sobjects/Contact/003Em0000000999'), (org) => org.api('GET', '/nowhere')],
  },
  {
    file: 'oauth.invalid_client_id',
    status: 400,
    requests: [
      (org) => token(org, { grant_type: 'client_credentials', client_id: 'nobody', client_secret: 'x' }),
      (org) => token(org, { grant_type: 'refresh_token', client_id: 'nobody', refresh_token: 'x' }),
    ],
  },
  {
    file: 'oauth.invalid_grant.authentication_failure',
    status: 400,
    requests: [
      (org) => token(org, { grant_type: 'password', username: 'ada.admin@example.com', password: 'wrong' }),
      (org) => token(org, { grant_type: 'password', username: 'nobody@example.com', password: '' }),
    ],
  },
  {
    file: 'oauth.invalid_grant.expired',
    status: 400,
    requests: [
      (org) => token(org, { grant_type: 'refresh_token', client_id: org.emulator.clientId, refresh_token: 'never' }),
      async (org) => {
        const { refreshToken, clientId } = org.emulator;
        await org.request('POST', '/services/oauth2/revoke', `token=${refreshToken}`, {
          'content-type': 'application/x-www-form-urlencoded',
        });
        return token(org, { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken });
      },
    ],
  },
  {
    file: 'oauth.invalid_grant.user_not_approved',
    status: 400,
    requests: [(org) => jwt(org, 'hana.host@example.com'), (org) => jwt(org, 'sam.seller@example.com')],
  },
  {
    file: 'request_limit_exceeded',
    status: 403,
    requests: [
      async (org) => {
        await org.control('POST', '/settings', { dailyApiRequests: 1 });
        await org.api('GET', '/limits');
        return org.api('GET', '/limits');
      },
      (org) => faulty(org, '/sobjects', { spendAllowance: true }),
    ],
  },
  {
    file: 'request_limit_exceeded.concurrent',
    status: 403,
    requests: [
      (org) =>
        faulty(org, '/limits', {
          error: {
            status: 403,
            errorCode: 'REQUEST_LIMIT_EXCEEDED',
            message: 'ConcurrentPerOrgLongTxn Limit exceeded.',
          },
        }),
      (org) =>
        faulty(org, '/sobjects/Event', {
          error: {
            status: 403,
            errorCode: 'REQUEST_LIMIT_EXCEEDED',
            message: 'ConcurrentPerOrgLongTxn Limit exceeded.',
          },
        }),
    ],
  },
  {
    file: 'required_field_missing',
    status: 400,
    requests: [
      (org) => org.api('POST', '/sobjects/Lead', { FirstName: 'Yuki' }),
      (org) => org.api('POST', '/sobjects/Account', {}),
    ],
  },
  {
    file: 'restricted_picklist',
    status: 400,
    requests: [
      (org) => org.api('POST', '/sobjects/Event', visit({ ShowAs: 'Perhaps' })),
      (org) => org.api('POST', '/sobjects/Contact', { LastName: 'Sato', Race__c: 'Native American / Alaskan Native' }),
    ],
  },
  {
    file: 'server_unavailable',
    status: 503,
    requests: [
      (org) =>
        faulty(org, '/limits', {
          error: { status: 503, errorCode: 'SERVER_UNAVAILABLE', message: 'Server Unavailable' },
        }),
      (org) =>
        faulty(org, '/sobjects/Lead/describe', {
          error: { status: 503, errorCode: 'SERVER_UNAVAILABLE', message: 'Server Unavailable' },
        }),
    ],
  },
  {
    file: 'string_too_long',
    status: 400,
    requests: [
      (org) => org.api('POST', '/sobjects/Contact', { LastName: 'Sato', Title: 'x'.repeat(129) }),
      (org) => org.api('POST', '/sobjects/Event', visit({ Why__c: 'NOWELLPOINT_OPPORTUNITY_PUSH_TOPIC' })),
    ],
  },
  {
    file: 'unable_to_lock_row',
    status: 500,
    requests: [
      (org) => locked(org, 'Contact', { LastName: 'Sato' }, { Title: 'Dr' }),
      (org) => locked(org, 'Event', visit(), { Subject: 'x' }),
    ],
  },
];

function halted(
  org: TestOrg,
  sobject: string,
  good: Record<string, unknown>,
  bad: Record<string, unknown>,
): Promise<Answer> {
  const url = `/services/data/v67.0/sobjects/${sobject}`;
  return org.api('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [
      { method: 'POST', url, referenceId: 'first', body: good },
      { method: 'POST', url, referenceId: 'second', body: bad },
    ],
  });
}

async function withoutApiScope(org: TestOrg, scope: string): Promise<Answer> {
  await org.control('POST', '/settings', { autoApprove: true });
  const { clientId, clientSecret } = org.emulator;
  const redirect_uri = 'http://localhost/back';
  const query = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri, scope });
  const consent = await org.request('GET', `/services/oauth2/authorize?${query.toString()}`);
  const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const { body } = await token(org, {
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri,
    code,
  });
  return org.api('GET', '/limits', undefined, { authorization: `Bearer ${String(body.access_token)}` });
}
