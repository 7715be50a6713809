import { json, Router, type NextFunction, type Request, type Response } from 'express';
import { z, ZodError } from 'zod';
import { userActions } from './user-actions';
import type { EmulatedOrg } from '../server/emulated-org';

const snapshotInput = z.strictObject({ name: z.string().min(1).optional() });
const restoreInput = z.strictObject({ name: z.string().min(1) });

/**
 * The emulator's own addresses under `/__emulator__`, which no real org has: what was called, faults, time, switches. They
 * are not listed among the calls, need no sign-in and, like all of the emulator, are reached from this machine only.
 */
export function controlRouter(emulated: EmulatedOrg): Router {
  const { calls, faults, org } = emulated;
  const router = Router();
  router.use(json({ limit: '10mb' }));

  router.get('/calls', (req, res) => {
    const since = Number(req.query.since ?? 0);
    res.json({ calls: calls.since(Number.isNaN(since) ? 0 : since), apiCalls: calls.apiCalls });
  });
  router.delete('/calls', (_req, res) => {
    calls.reset();
    emulated.allowance.reset();
    res.status(204).end();
  });

  router.get('/faults', (_req, res) => {
    res.json({ faults: faults.list() });
  });
  router.post('/faults', (req, res) => {
    res.status(201).json({ id: faults.add(req.body) });
  });
  router.post('/faults/:id/release', (req, res) => {
    res.status(faults.release(req.params.id) ? 204 : 404).end();
  });
  router.delete('/faults', (_req, res) => {
    faults.clear();
    res.status(204).end();
  });
  router.delete('/faults/:id', (req, res) => {
    res.status(faults.remove(req.params.id) ? 204 : 404).end();
  });

  router.post('/reset', (_req, res) => {
    emulated.reset();
    res.status(204).end();
  });

  router.post('/snapshot', (req, res) => {
    const { name } = snapshotInput.parse(req.body ?? {});
    if (name !== undefined) emulated.snapshots.set(name, org.snapshot());
    else if (!emulated.save()) {
      res.status(400).json({ error: 'give a name, or start the emulator with --snapshot FILE' });
      return;
    }
    res.status(204).end();
  });
  router.post('/restore', (req, res) => {
    const { name } = restoreInput.parse(req.body ?? {});
    const snapshot = emulated.snapshots.get(name);
    if (snapshot) org.restore(snapshot);
    res.status(snapshot ? 204 : 404).end();
  });

  router.get('/clock', (_req, res) => {
    res.json({ now: org.clock.now().toISOString(), isStopped: org.clock.isStopped });
  });
  router.post('/clock', (req, res) => {
    const { now } = (req.body ?? {}) as { now?: unknown };
    const instant = typeof now === 'string' ? new Date(now) : null;
    if (now !== null && (instant === null || Number.isNaN(instant.getTime()))) {
      res.status(400).json({ error: 'now must be an ISO date-time, or null to let the clock run' });
      return;
    }
    org.clock.set(instant);
    res.json({ now: org.clock.now().toISOString(), isStopped: org.clock.isStopped });
  });

  router.get('/settings', (_req, res) => {
    res.json(org.settings);
  });
  router.post('/settings', (req, res) => {
    org.changeSettings((req.body ?? {}) as object);
    res.json(org.settings);
  });

  router.use(userActions(emulated));

  router.get('/changes', (req, res) => {
    streamChanges(emulated, req, res);
  });

  router.use((_req, res) => {
    res.status(404).json({ error: 'The emulator has no such address' });
  });
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (error instanceof ZodError) res.status(400).json({ error: error.issues });
    else if (error instanceof SyntaxError) res.status(400).json({ error: error.message });
    else next(error);
  });
  return router;
}

/** Server-sent events: one message per record change that was committed. */
function streamChanges({ org }: EmulatedOrg, req: Request, res: Response): void {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', Connection: 'keep-alive' });
  res.write(':connected\n\n');
  const stop = org.store.onChange((changes) => {
    for (const change of changes) res.write(`data: ${JSON.stringify(change)}\n\n`);
  });
  req.on('close', stop);
}
