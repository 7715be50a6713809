import { z } from 'zod';
import { settingsSchema } from './settings';

/**
 * The JSON Schema of the settings document, for editors and for whoever writes documents by machine. What holds between
 * several of its parts is not in it: the import says that. Pure.
 */
export function settingsJsonSchema(): Record<string, unknown> {
  const { $schema, properties, ...rest } = z.toJSONSchema(settingsSchema, { io: 'input' });
  return {
    $schema,
    title: 'Settings of Booking Connector for Salesforce',
    description: 'What the admin of a team decided. See docs/settings.md.',
    ...rest,
    properties: { $schema: { type: 'string', description: 'For editors; not kept.' }, ...properties },
  };
}
