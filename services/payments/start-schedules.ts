import { SCHEDULED_TRANSFER_REQUESTS } from '@florin/contracts';
import { pollWork, type Service } from '@florin/runtime';
import { createScheduleUseCases } from './manage-schedules.ts';
import { createPlanOccurrences } from './plan-occurrences.ts';
import { createCountOccurrence, createSettleOccurrences } from './settle-occurrences.ts';
import type { PartDeps, ServicePart } from './service-part.ts';
import { createSubmitOccurrences } from './submit-occurrences.ts';
import { watchLateness } from './watch-lateness.ts';

/** Planned transfers: written down when their time comes, ordered, and followed to their end. */
export function startSchedules(service: Service, deps: PartDeps): ServicePart {
  const { clock, log, metrics, onStop } = service;
  const { db, desk, config, onTold } = deps;
  const { pollMs: everyMs, claimMs, lateAfterMs, schedulesMax } = config;
  const count = createCountOccurrence(metrics);
  const settle = createSettleOccurrences({ db, clock, count, onTold });
  const submission = createSubmitOccurrences({ db, desk, settle, clock, log, claimMs });
  const submitting = pollWork({ name: 'submitting', everyMs, log, doSome: submission.doSome });
  onStop('submissions', async () => {
    await submitting.stop();
    await submission.whenIdle();
  });
  const planSome = createPlanOccurrences({ db, clock, lateAfterMs, count });
  const planning = pollWork({
    name: 'planning',
    everyMs,
    log,
    async doSome() {
      const planned = await planSome();
      if (planned) submitting.wake();
      return planned;
    },
  });
  onStop('planning', () => planning.stop());
  onStop('lateness', watchLateness({ db, clock, metrics, log }));
  const onDue = (): void => {
    planning.wake();
    submitting.wake();
  };
  const useCases = createScheduleUseCases({ db, clock, schedulesMax, onDue });
  return { settle, contracts: SCHEDULED_TRANSFER_REQUESTS, useCases };
}
