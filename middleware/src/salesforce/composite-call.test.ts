import { queryRequest, upsertRows } from './composite';
import { compositeBody, readComposite, sessionHasEnded } from './composite-call';
import { CallRefusedError, OrgUnavailableError } from './errors';

const REQUESTS = [queryRequest('contacts', 'SELECT Id FROM Contact')];
const http = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const part = (referenceId: string, body: unknown = {}) => ({ referenceId, body, httpHeaders: {}, httpStatusCode: 200 });
const refused = (errorCode: string, message = '') => [{ errorCode, message }];

describe('compositeBody', () => {
  it('keeps each subrequest for itself, in order, below the version', () => {
    const body = JSON.parse(compositeBody([...REQUESTS, upsertRows('rows', 'Lead', 'K__c', [{ K__c: 'k' }])], '67.0'));
    expect(body).toMatchObject({
      allOrNone: false,
      collateSubrequests: false,
      compositeRequest: [
        { method: 'GET', referenceId: 'contacts', url: '/services/data/v67.0/query?q=SELECT%20Id%20FROM%20Contact' },
        { method: 'PATCH', referenceId: 'rows', url: '/services/data/v67.0/composite/sobjects/Lead/K__c' },
      ],
    });
    expect(body.compositeRequest[0]).not.toHaveProperty('path');
  });
});

describe('readComposite', () => {
  it('gives each answer under its reference id, with headers in lower case', () => {
    const body = {
      compositeResponse: [{ ...part('contacts', null), httpHeaders: { ETag: '"x"' }, httpStatusCode: 204 }],
    };
    expect(readComposite(http(200, body), REQUESTS).get('contacts')).toEqual({
      referenceId: 'contacts',
      status: 204,
      body: null,
      headers: { etag: '"x"' },
    });
  });

  it.each<[string, number, unknown, string, string]>([
    ['a web page', 503, '<html>Maintenance</html>', 'NOT_JSON', 'retrySoon'],
    ['a web page with status 200', 200, '<html>Log in</html>', 'NOT_JSON', 'retrySoon'],
    ['a redirect', 302, '', 'NOT_JSON', 'retrySoon'],
    ['half an answer', 200, '{"compositeResponse":[{"refer', 'NOT_JSON', 'retrySoon'],
    ['an answer without ours', 200, { compositeResponse: [part('other')] }, 'NOT_JSON', 'retrySoon'],
    ['unavailability', 503, refused('SERVER_UNAVAILABLE'), 'SERVER_UNAVAILABLE', 'retrySoon'],
    [
      'a spent allowance',
      403,
      refused('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
      'REQUEST_LIMIT_EXCEEDED',
      'retryLater',
    ],
    ['an API that is off', 403, refused('API_DISABLED_FOR_ORG'), 'API_DISABLED_FOR_ORG', 'orgWide'],
    ['a right missing for the whole call', 403, refused('BRAND_NEW'), 'BRAND_NEW', 'orgWide'],
    ['a version that is not there', 404, refused('NOT_FOUND'), 'UNSUPPORTED_API_VERSION', 'orgWide'],
    ['an org that is gone', 420, '<html></html>', 'ERROR_HTTP_420', 'orgWide'],
    ['too many requests', 429, '', 'ERROR_HTTP_429', 'retrySoon'],
  ])('throws OrgUnavailableError for %s', (_, status, body, errorCode, errorClass) => {
    const read = (): unknown => readComposite(http(status, body), REQUESTS);
    expect(read).toThrow(OrgUnavailableError);
    expect(read).toThrow(expect.objectContaining({ errorCode, class: errorClass, status }));
  });

  it.each<[string, number, unknown, string, string]>([
    ['JSON that cannot be read', 400, refused('JSON_PARSER_ERROR'), 'JSON_PARSER_ERROR', 'booking'],
    ['a call that is too large', 413, '', 'ERROR_HTTP_413', 'tooMuch'],
  ])('throws CallRefusedError for %s', (_, status, body, errorCode, errorClass) => {
    const read = (): unknown => readComposite(http(status, body), REQUESTS);
    expect(read).toThrow(CallRefusedError);
    expect(read).toThrow(expect.objectContaining({ errorCode, class: errorClass, status }));
  });

  it.each([
    ['17', 17_000],
    ['soon', undefined],
  ])('waits as long as asked: %s', (header, retryAfterMs) => {
    expect(() => readComposite(http(503, '', { 'retry-after': header }), REQUESTS)).toThrow(
      expect.objectContaining({ retryAfterMs }),
    );
  });
});

describe('sessionHasEnded', () => {
  it.each([
    [true, 401, refused('INVALID_SESSION_ID', 'Session expired or invalid')],
    [true, 401, '<html></html>'],
    [false, 401, refused('INVALID_SESSION_ID', 'This session is not valid for use with the REST API')],
    [false, 403, refused('INVALID_SESSION_ID', 'Session expired or invalid')],
    [false, 200, {}],
  ])('is %s for %s %j', (expected, status, body) => {
    expect(sessionHasEnded(http(status, body))).toBe(expected);
  });
});
