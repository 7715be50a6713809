'use strict';

const { checkFieldDescriptions, checkNobodyNamed, checkOneLineTexts, checkTexts } = require('./lib/checks/texts');
const { replace, testCheck, write } = require('./lib/spoil');

const SOURCE = 'force-app/main/default/objects/Activity/fields/Booking_Source__c.field-meta.xml';
const INTEGRATION = 'force-app/main/default/permissionsets/Booking_Integration.permissionset-meta.xml';
const ADMIN_KIT = 'unpackaged/admin-kit/permissionsets/Booking_API_User_Access.permissionset-meta.xml';
const HELP = '<inlineHelpText>The scheduling system that this booking came from.</inlineHelpText>';

const withoutDescription = (file) => replace(file, /<description>.*<\/description>/, '');
const describeAs = (file, text) => replace(file, '<description>', `<description>${text} `);

describe('descriptions, help texts and labels', () => {
  testCheck(checkTexts, [
    ['a field without help text', replace(SOURCE, HELP, ''), /inlineHelpText is missing/],
    ['an empty help text', replace(SOURCE, HELP, '<inlineHelpText />'), /inlineHelpText is missing/],
    ['a field without description', withoutDescription(SOURCE), /description is missing/],
    ['a permission set without description', withoutDescription(INTEGRATION), /description is missing/],
    [
      'an object without description',
      write(
        'force-app/main/default/objects/Booking__c/Booking__c.object-meta.xml',
        '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>Booking</label></CustomObject>',
      ),
      /description is missing/,
    ],
    [
      'a label that is too long',
      replace(SOURCE, '<label>', `<label>${'Long '.repeat(8)}`),
      /label has \d+ characters, an org takes 40/,
    ],
    [
      'a description that is too long',
      describeAs(ADMIN_KIT, 'long '.repeat(50)),
      /description has \d+ characters, an org takes 255/,
    ],
  ]);
});

describe('line breaks', () => {
  testCheck(checkOneLineTexts, [
    ['a description over several lines', describeAs(SOURCE, '\n    First line'), /description runs over several lines/],
    [
      'a help text over several lines',
      replace(SOURCE, 'The scheduling system', 'The\nscheduling system'),
      /inlineHelpText runs over/,
    ],
  ]);
});

describe('names in texts', () => {
  testCheck(checkNobodyNamed, [
    ['a person', describeAs(SOURCE, 'Ask Jane Doe before a change.'), /names "Jane"/],
    ['a product', describeAs(SOURCE, 'Sent by Calendar24.'), /names "Calendar24"/],
    [
      'a product in a help text',
      replace(SOURCE, 'The scheduling system', 'The Zoomly system'),
      /inlineHelpText names "Zoomly"/,
    ],
    ['an e-mail address', describeAs(ADMIN_KIT, 'Questions to help@example.com please.'), /names "help@example.com"/],
    ['a web address', describeAs(SOURCE, 'See https://example.com for more.'), /names "https:\/\/example.com"/],
    ['a telephone number', describeAs(SOURCE, 'Call +1 555 010 9999 for more.'), /names "\+1 555 010 9999"/],
  ]);
});

describe('what a field description says', () => {
  testCheck(checkFieldDescriptions, [
    [
      'nothing about who writes it',
      replace(SOURCE, 'Written by the booking middleware.', ''),
      /does not say who writes/,
    ],
    [
      'nothing about empty',
      replace(SOURCE, 'Empty on an Activity', 'Blank on an Activity'),
      /does not say what empty means/,
    ],
  ]);
});
