import { formatTable } from './format-table.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

interface Flags {
  items: { key: string; variant: string; changedBy?: string }[];
}
interface Reviews {
  items: unknown[];
  nextCursor: string | null;
}
interface Breakers {
  items: { bank: string; state: string }[];
}

const REVIEWS_SEEN = 100;

/** What a process says of itself. */
async function readinessOf(url: string): Promise<string> {
  try {
    const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(2_000) });
    const { problems = {} } = (await response.json()) as { problems?: Record<string, string> };
    const texts = Object.entries(problems).map(([name, text]) => `${name}: ${text}`);
    return response.ok ? 'ready' : texts.join(', ');
  } catch {
    return 'does not answer';
  }
}

/** How the platform is: its processes as far as they are ours to see, and what waits for people. */
export async function readStatus(session: Session): Promise<Report> {
  const { dev } = session;
  const [flags, reviews, breakers] = await Promise.all([
    session.get<Flags>('/v1/admin/flags'),
    session.get<Reviews>(`/v1/admin/reviews?limit=${REVIEWS_SEEN}`),
    session.get<Breakers>('/v1/admin/breakers'),
  ]);
  const processes = await Promise.all(
    Object.entries(dev?.metrics ?? {}).map(async ([name, url]) => ({
      process: name,
      pid: dev?.pids[name],
      state: await readinessOf(url),
    })),
  );
  const open = breakers.items.filter(({ state }) => state !== 'closed').map(({ bank }) => bank);
  const waiting = `${reviews.items.length}${reviews.nextCursor === null ? '' : ' or more'}`;
  const facts = [
    ...flags.items.map(({ key, variant }) => [key, variant]),
    ['open reviews', waiting],
    ['breakers not closed', open.join(', ') || 'none'],
  ];
  return {
    data: { processes, flags: flags.items, openReviews: waiting, breakersNotClosed: open },
    text: [
      ...(processes.length === 0
        ? []
        : [
            formatTable(
              ['process', 'pid', 'state'],
              processes.map(({ process: name, pid, state }) => [name, pid, state]),
            ),
            '',
          ]),
      formatTable(['what', 'now'], facts),
    ].join('\n'),
  };
}
