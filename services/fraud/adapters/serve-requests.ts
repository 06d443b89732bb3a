import { FRAUD_REQUESTS } from '@florin/contracts';
import { RetryableError, type Result } from '@florin/kernel';
import { serve, type Bus, type Served } from '@florin/messaging';
import type { Artefact } from '@florin/ml/artefact';
import { isTransient } from '@florin/postgres';
import { FEATURE_VERSION } from '../scoring/judge.ts';
import type { RebuiltProfiles } from '../scoring/rebuild-profiles.ts';
import type { createDecisionReads } from './decision-reads.ts';
import type { LabelBook } from './label-book.ts';

/** Answers what other services ask about decisions and models. */
export function serveRequests(
  bus: Bus,
  parts: {
    decisions: ReturnType<typeof createDecisionReads>;
    labels: LabelBook;
    models: { champion: Artefact; challengers: readonly Artefact[] };
    backend: string;
    rebuild: () => Promise<Result<RebuiltProfiles, string>>;
  },
): Served[] {
  const { decisions, labels, models, backend, rebuild } = parts;
  const described = [
    describe(models.champion, 'champion'),
    ...models.challengers.map((artefact) => describe(artefact, 'challenger')),
  ];
  return [
    serve(
      bus,
      FRAUD_REQUESTS.getDecision,
      asking(async ({ transactionId }) => ({ decision: await decisions.get(transactionId) })),
    ),
    serve(bus, FRAUD_REQUESTS.listDecisions, asking(decisions.list)),
    serve(
      bus,
      FRAUD_REQUESTS.reportTransaction,
      asking(async (label) => ({ recorded: await labels.record(label) })),
    ),
    serve(bus, FRAUD_REQUESTS.describeModels, async () => ({ backend, models: described })),
    serve(
      bus,
      FRAUD_REQUESTS.rebuildProfiles,
      asking(async () => {
        const done = await rebuild();
        return done.ok ? done.value : { problem: done.error };
      }),
    ),
  ];
}

const describe = <Role extends 'champion' | 'challenger'>(
  { manifest, policy }: Artefact,
  role: Role,
) => ({
  modelVersion: manifest.modelVersion,
  featureVersion: FEATURE_VERSION,
  role,
  metrics: manifest.metrics,
  reviewFrom: policy.review,
  blockFrom: policy.block,
});

/** Whoever asks while Postgres is away is told to ask again. */
function asking<Request, Response>(read: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    try {
      return await read(request);
    } catch (error) {
      if (isTransient(error)) throw new RetryableError('decisions are away', { cause: error });
      throw error;
    }
  };
}
