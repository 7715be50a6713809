import { createFieldNames } from './field-names';

describe('createFieldNames', () => {
  it.each([
    ['Booking_Id__c', 'bkconn__Booking_Id__c'],
    ['Booking_Customer_Id__c', 'bkconn__Booking_Customer_Id__c'],
    ['Booking_Customer_Id__pc', 'bkconn__Booking_Customer_Id__pc'],
    ['Campaign__r', 'bkconn__Campaign__r'],
    ['Booking_Setting__mdt', 'bkconn__Booking_Setting__mdt'],
    ['Subject', 'Subject'],
    ['WhoId', 'WhoId'],
    ['Admin_s_own__c', 'Admin_s_own__c'],
    ['other__Booking_Id__c', 'other__Booking_Id__c'],
    ['bkconn__Booking_Id__c', 'bkconn__Booking_Id__c'],
  ])('names %s as %s where the package has a namespace', (local, name) => {
    const names = createFieldNames('bkconn');
    expect(names.name(local)).toBe(name);
    expect(names.local(names.name(local))).toBe(local.replace('bkconn__', ''));
  });

  it('changes nothing where the package has none', () => {
    const names = createFieldNames(null);
    expect(names.name('Booking_Id__c')).toBe('Booking_Id__c');
    expect(names.local('Booking_Id__c')).toBe('Booking_Id__c');
    expect(names.local('bkconn__Booking_Id__c')).toBe('bkconn__Booking_Id__c');
  });

  it.each(['', '1abc', 'two__scores', 'end_', 'sixteen_letters_', 'a-b', 'x'.repeat(16)])('refuses %j', (namespace) => {
    expect(() => createFieldNames(namespace)).toThrow(TypeError);
  });
});
