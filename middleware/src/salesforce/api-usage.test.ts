import { parseLimitInfo } from './api-usage';

describe('parseLimitInfo', () => {
  it.each([
    ['api-usage=22/15000', { used: 22, max: 15000 }],
    ['api-usage=22/15000; per-app-api-usage=17/250(appName=Booking Connector)', { used: 22, max: 15000 }],
    ['per-app-api-usage=17/250(appName=x); api-usage=5/100', { used: 5, max: 100 }],
    ['per-app-api-usage=17/250(appName=x)', null],
    ['', null],
    ['api-usage=lots', null],
    [undefined, null],
    [null, null],
  ])('reads %j', (header, usage) => {
    expect(parseLimitInfo(header)).toEqual(usage);
  });
});
