'use strict';

const { checkNoApex } = require('./lib/checks/no-code');
const { testCheck, write } = require('./lib/spoil');

describe('no Apex', () => {
  testCheck(checkNoApex, [
    ['a class', write('force-app/main/default/classes/Booking.cls', 'public class Booking {}'), /Booking.cls: is Apex/],
    [
      'a class outside its folder',
      write('unpackaged/admin-kit/Booking.cls', 'public class Booking {}'),
      /^unpackaged.*is Apex/,
    ],
    [
      'a trigger',
      write('force-app/main/default/triggers/OnEvent.trigger', 'trigger OnEvent on Event (after insert) {}'),
      /is Apex/,
    ],
    ['a page', write('force-app/main/default/pages/Book.page', '<apex:page />'), /is Apex or Visualforce/],
    ['the metadata of a class alone', write('force-app/main/default/Booking.cls-meta.xml', '<ApexClass />'), /is Apex/],
    [
      'a component that calls Apex',
      write('force-app/main/default/lwc/book/book.js', "import find from '@salesforce/apex/Booking.find';"),
      /book.js: imports Apex/,
    ],
  ]);
});
