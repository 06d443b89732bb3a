const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** "5m", ten times as fast, is "30s". Nothing lasts less than `leastSeconds`. */
export function hurried(duration: string, times: number, leastSeconds = 1): string {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? Number.NaN);
  if (!(seconds > 0)) throw new Error(`"${duration}" is no duration`);
  return `${Math.max(leastSeconds, Math.round(seconds / times))}s`;
}

/** A query whose windows are shorter, and lie a shorter time ago. */
export const hurriedQuery = (query: string, times: number, leastSeconds = 1): string =>
  query
    .replaceAll(/\[(\d+[smhd])(:\d+[smhd])?\]/g, (_, range: string, step: string | undefined) => {
      const shortStep = step === undefined ? '' : `:${hurried(step.slice(1), times)}`;
      return `[${hurried(range, times, leastSeconds)}${shortStep}]`;
    })
    .replaceAll(/offset (\d+[smhd])/g, (_, ago: string) => {
      return `offset ${hurried(ago, times, leastSeconds)}`;
    });
