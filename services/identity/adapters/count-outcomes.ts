import type { Metrics } from '@florin/runtime';

type Outcome = { ok: true } | { ok: false; code: string };

/** Counts the answers of a use case by how they ended: `succeeded`, the refusal's code, `fault`. */
export function countOutcomes<Request, Answer extends Outcome>(
  useCase: (request: Request) => Promise<Answer>,
  metrics: Metrics,
  metric: { name: string; help: string },
): (request: Request) => Promise<Answer> {
  const counter = metrics.counter({ ...metric, labelNames: ['outcome'] });
  return async (request) => {
    try {
      const answer = await useCase(request);
      counter.inc({ outcome: answer.ok ? 'succeeded' : answer.code });
      return answer;
    } catch (error) {
      counter.inc({ outcome: 'fault' });
      throw error;
    }
  };
}
