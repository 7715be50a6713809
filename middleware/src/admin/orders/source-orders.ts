import { z } from 'zod';
import { createSource } from '../admin';
import { setApiKey } from '../api-key';
import { getSource, listKinds, listSources, rotateSource, testSource, updateSource } from '../sources';
import { instant, nothing, order } from './order';

const sourceId = z.string().describe('The name that the source was given when it was created.');
const secret = z.string().min(1).optional().describe('One that the scheduling system dictates; else one is made up.');
const mapping = z
  .unknown()
  .optional()
  .describe('For the kind "mapped": how its bodies are read, see docs/sources/mapped.md.');
const completeAfterMinutes = z
  .number()
  .int()
  .min(0)
  .nullable()
  .describe('Bookings count as completed so long after their end; null: only when the system says so.');

const customerPage = z
  .string()
  .max(1_000)
  .nullable()
  .describe(
    "Address of a customer's page in the system, https, with {customer.id} or {customer.email} in its path or query; null: none.",
  );

const instructions = z
  .array(
    z.strictObject({
      text: z.string().describe('What to do, and where.'),
      values: z.array(z.string()).optional().describe('What to type or tick there, to the letter.'),
      undocumented: z.string().optional().describe('What of it no public documentation says.'),
    }),
  )
  .describe('What to do in the scheduling system, in this order.');

const activity = {
  lastDeliveryAt: instant.nullable().describe('When anything came last; null: never.'),
  last24Hours: z
    .strictObject({ stored: z.int(), ignored: z.int(), refused: z.int() })
    .describe('Deliveries of the last 24 hours by what they came to.'),
};

const listed = {
  id: sourceId,
  kind: z.string(),
  webhookUrl: z.string(),
  completeAfterMinutes,
  customerPage,
  secrets: z.int().describe('How many secrets are accepted: two while one is being rotated.'),
  ...activity,
};

/** Orders about scheduling systems. */
export const SOURCE_ORDERS = {
  listKinds: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({ kinds: z.array(z.string()) }),
      audited: null,
    },
    () => Promise.resolve({ kinds: listKinds() }),
  ),
  createSource: order(
    {
      role: 'admin',
      args: z.strictObject({
        id: z.string().describe('1 to 30 lower-case letters, digits and hyphens. It can never be changed.'),
        kind: z.string().describe('Which system it is, such as calcom or oncehub.'),
        secret,
        mapping,
        completeAfterMinutes: completeAfterMinutes.optional(),
      }),
      answer: z.strictObject({
        id: sourceId,
        kind: z.string(),
        webhookUrl: z.string(),
        secret: z.string().describe('Shown once.'),
        completeAfterMinutes,
        instructions,
      }),
      audited: ['id', 'kind', 'completeAfterMinutes'],
    },
    createSource,
  ),
  listSources: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({ sources: z.array(z.strictObject(listed)) }),
      audited: null,
    },
    async (deps) => ({ sources: await listSources(deps) }),
  ),
  getSource: order(
    {
      role: 'member',
      args: z.strictObject({ id: sourceId }),
      answer: z.strictObject({
        ...listed,
        apiCredential: z
          .string()
          .nullable()
          .describe('What the connector could ask the system with; null where its webhooks say all.'),
        instructions: instructions.describe('As when it was created; a placeholder stands for the secret.'),
      }),
      audited: null,
    },
    getSource,
  ),
  testSource: order(
    {
      role: 'member',
      args: z.strictObject({ id: sourceId }),
      answer: z.strictObject({
        id: sourceId,
        webhookUrl: z.string(),
        isPassed: z.boolean(),
        said: z.string().describe('What happened, and what to do if it failed.'),
        proves: z.array(z.string()),
        doesNotProve: z.array(z.string()),
        ...activity,
      }),
      audited: ['id'],
    },
    testSource,
  ),
  rotateSource: order(
    {
      role: 'admin',
      args: z.strictObject({
        id: sourceId,
        secret,
        finish: z.boolean().describe('Drop the old secret, rather than add a new one.'),
      }),
      answer: z.strictObject({
        id: sourceId,
        secret: z.string().nullable().describe('The new one, shown once; null when the old one was dropped.'),
        secrets: z.int(),
      }),
      audited: ['id', 'finish'],
    },
    rotateSource,
  ),
  updateSource: order(
    {
      role: 'admin',
      args: z.strictObject({
        id: sourceId,
        mapping,
        completeAfterMinutes: completeAfterMinutes.optional(),
        customerPage: customerPage.optional(),
      }),
      answer: z.strictObject({ id: sourceId, completeAfterMinutes, customerPage }),
      audited: ['id', 'completeAfterMinutes', 'customerPage'],
    },
    updateSource,
  ),
  setApiKey: order(
    {
      role: 'admin',
      args: z.strictObject({
        id: sourceId,
        apiKey: z.string().min(1).nullable().describe('Null: ask no longer.'),
      }),
      answer: z.strictObject({ id: sourceId, isAsked: z.boolean() }),
      audited: ['id'],
    },
    setApiKey,
  ),
};
