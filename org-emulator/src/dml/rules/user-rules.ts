import { isChanged, valueOf, type ObjectRules } from '../draft';
import { RowError } from '../row-error';

/** A username is unique, and the profile decides what type of user it is. */
export const userRules: ObjectRules = {
  sobject: 'User',
  beforeSave(draft) {
    const { context, object, row, before } = draft;
    const { org } = context;
    if (!before) row.IsActive = draft.given.has('IsActive') ? valueOf(draft, 'IsActive') : true;
    const profileId = valueOf(draft, 'ProfileId');
    const profile = typeof profileId === 'string' ? org.store.find(profileId)?.row : undefined;
    if (profile && isChanged(draft, 'ProfileId')) row.UserType = profile.UserType ?? 'Standard';
    const field = object.field('Username');
    const username = valueOf(draft, 'Username');
    if (!field || username === null || !isChanged(draft, 'Username')) return;
    if (
      org.store
        .table(object)
        .lookup(field, username)
        ?.some((other) => other.Id !== draft.id)
    ) {
      throw new RowError(
        'DUPLICATE_USERNAME',
        'Duplicate Username.<br>The username already exists in this or another Salesforce organization.',
        ['Username'],
      );
    }
  },
};
