import type { Platform } from '../platform/platform.ts';

/** The sum of a metric of a process over all labels. */
export async function processCounted(url: string | undefined, metric: string): Promise<number> {
  const answer = await fetch(new URL('/metrics', url));
  return (await answer.text())
    .split('\n')
    .filter((line) => line.startsWith(metric))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** The sum of a metric over all processes and labels. */
export async function processesCounted(platform: Platform, metric: string): Promise<number> {
  const urls = Object.values(platform.dev().metrics);
  const counts = await Promise.all(urls.map((url) => processCounted(url, metric)));
  return counts.reduce((sum, count) => sum + count, 0);
}
