import { valueOf, type Draft, type ObjectRules } from '../draft';

/** Lead, Contact and User show one Name, made of its parts. */
export const personNameRules: ObjectRules[] = ['Lead', 'Contact', 'User'].map((sobject) => ({
  sobject,
  beforeSave: (draft: Draft): void => {
    draft.row.Name = [valueOf(draft, 'FirstName'), valueOf(draft, 'LastName')]
      .filter((part) => part !== null)
      .join(' ');
  },
}));
