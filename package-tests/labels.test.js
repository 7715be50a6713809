'use strict';

const { checkLabels } = require('./lib/checks/labels');
const { replace, testCheck } = require('./lib/spoil');

const LABELS = 'force-app/main/default/labels/CustomLabels.labels-meta.xml';
const GERMAN = 'force-app/main/default/translations/de.translation-meta.xml';
const LIST = 'force-app/main/default/lwc/bookingList/bookingList.js';

describe('labels', () => {
  testCheck(checkLabels, [
    [
      'an import of none',
      replace(LIST, 'c.BookingList_empty', 'c.BookingList_emty'),
      /imports the label BookingList_emty/,
    ],
    ['a label that nothing uses', replace(LIST, /import empty from .*/, ''), /BookingList_empty, which nothing uses/],
    ['a label given twice', replace(LABELS, 'BookingList_failed', 'BookingList_empty'), /BookingList_empty twice/],
    ['a label without a text', replace(LABELS, 'No bookings yet.', ''), /no text for BookingList_empty/],
    ['a label that is not protected', replace(LABELS, '<protected>true', '<protected>false'), /is not protected/],
    [
      'a description that is too long',
      replace(LABELS, '<shortDescription>', `<shortDescription>${'long '.repeat(20)}`),
      /expected 1 to 80/,
    ],
    ['a text without a translation', replace(GERMAN, '<label>Noch keine Buchungen.</label>', ''), /does not translate/],
    ['a translation of nothing', replace(GERMAN, 'BookingList_empty', 'BookingList_none'), /which is no label/],
  ]);
});
