/** How the pages show an object. */
export interface PageObject {
  sobject: string;
  /** Fields of the panel at the top of a record, in order; those that the org lacks are left out. */
  highlights: string[];
  /** Columns of its list after the name, the most telling ones first: a short list shows three. */
  columns: string[];
}

/** The objects that have a tab, in the order of the tabs. */
export const PAGE_OBJECTS: readonly PageObject[] = [
  {
    sobject: 'Lead',
    highlights: ['Title', 'Company', 'Phone', 'Email', 'Status', 'OwnerId'],
    columns: ['Company', 'Email', 'Status', 'OwnerId', 'Phone'],
  },
  {
    sobject: 'Contact',
    highlights: ['Title', 'AccountId', 'Phone', 'Email', 'OwnerId'],
    columns: ['Email', 'AccountId', 'OwnerId', 'Phone'],
  },
  {
    sobject: 'Account',
    highlights: ['Type', 'Phone', 'PersonEmail', 'Website', 'Industry', 'OwnerId'],
    columns: ['Phone', 'Industry', 'OwnerId', 'Type', 'PersonEmail'],
  },
  {
    sobject: 'Opportunity',
    highlights: ['AccountId', 'CloseDate', 'Amount', 'StageName', 'OwnerId'],
    columns: ['AccountId', 'StageName', 'CloseDate', 'OwnerId'],
  },
  {
    sobject: 'Case',
    highlights: ['Priority', 'Status', 'ContactId', 'AccountId', 'OwnerId'],
    columns: ['CaseNumber', 'ContactId', 'Status', 'OwnerId'],
  },
  {
    sobject: 'Event',
    highlights: ['StartDateTime', 'EndDateTime', 'WhoId', 'WhatId', 'Location', 'OwnerId'],
    columns: ['StartDateTime', 'WhoId', 'WhatId', 'OwnerId'],
  },
];

/** Objects without a tab whose records are linked to. */
const OTHER_OBJECTS: readonly PageObject[] = [
  { sobject: 'User', highlights: ['Email', 'Username', 'IsActive', 'ProfileId'], columns: ['Email', 'Username'] },
];

/** How an object is shown; any other object has a plain page. */
export function pageObject(sobject: string): PageObject {
  return (
    [...PAGE_OBJECTS, ...OTHER_OBJECTS].find((known) => known.sobject === sobject) ?? {
      sobject,
      highlights: ['OwnerId'],
      columns: ['OwnerId'],
    }
  );
}
