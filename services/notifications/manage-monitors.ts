import type { MONITOR_REQUESTS } from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import type { z } from 'zod';
import {
  changeMonitor,
  deleteMonitor,
  findMonitor,
  insertMonitor,
  listMonitors,
  monitorView,
} from './sql/monitors.ts';

type Requests = typeof MONITOR_REQUESTS;
type UseCase<Name extends keyof Requests> = (
  request: z.output<Requests[Name]['request']>,
) => Promise<z.input<Requests[Name]['response']>>;

const MONITORS_MAX = 50;

/** What owners do with their balance monitors. Those of others don't exist for them. */
export function createMonitorUseCases({ db, clock }: { db: Database['slonik']; clock: Clock }) {
  const now = (): Date => new Date(clock.nowMs());

  const createMonitor: UseCase<'createMonitor'> = async (asked) => {
    const id = uuidv7(clock.nowMs());
    const row = await insertMonitor(db, { ...asked, id }, MONITORS_MAX, now());
    if (row !== null) return { monitor: monitorView(row) };
    return { refused: 'too-many', detail: `at most ${MONITORS_MAX} monitors are possible` };
  };

  const getMonitor: UseCase<'getMonitor'> = async ({ ownerId, id }) => {
    const row = await findMonitor(db, ownerId, id);
    return { monitor: row && monitorView(row) };
  };

  const change: UseCase<'changeMonitor'> = async ({ ownerId, id, ...wanted }) => {
    const row = await changeMonitor(db, ownerId, id, wanted, now());
    return { monitor: row && monitorView(row) };
  };

  const list: UseCase<'listMonitors'> = async ({ ownerId, cursor, limit }) =>
    pageOfRows(await listMonitors(db, ownerId, readCursor(cursor), limit + 1), limit, monitorView);

  const remove: UseCase<'deleteMonitor'> = async ({ ownerId, id }) => ({
    deleted: await deleteMonitor(db, ownerId, id),
  });

  return {
    createMonitor,
    getMonitor,
    changeMonitor: change,
    listMonitors: list,
    deleteMonitor: remove,
  };
}
