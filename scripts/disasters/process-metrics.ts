import type { Platform } from '../platform/platform.ts';

/** The sum of a metric over all processes and labels. */
export async function processesCounted(platform: Platform, metric: string): Promise<number> {
  const texts = await Promise.all(
    Object.values(platform.dev().metrics).map(async (url) =>
      fetch(new URL('/metrics', url)).then((answer) => answer.text()),
    ),
  );
  return texts
    .flatMap((text) => text.split('\n').filter((line) => line.startsWith(metric)))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
