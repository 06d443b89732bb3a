/** Reads of wallets at a gateway by where they were answered from, since the last look. */
export interface CacheCounts {
  hits: number;
  misses: number;
  hitRatio: number;
}

/** Watches the read cache of wallets through the metrics of a gateway. */
export async function watchCache(metricsUrl: string): Promise<() => Promise<CacheCounts>> {
  async function count(): Promise<{ hits: number; all: number }> {
    const text = await (await fetch(new URL('/metrics', metricsUrl))).text();
    const lines = text
      .split('\n')
      .filter((line) => /^read_cache_reads_total\{.*wallets/.test(line));
    const of = (line: string): number => Number(line.split(' ').at(-1));
    const hits = lines
      .filter((line) => line.includes('"hit"'))
      .reduce((sum, one) => sum + of(one), 0);
    return { hits, all: lines.reduce((sum, line) => sum + of(line), 0) };
  }

  let before = await count();
  return async () => {
    const now = await count();
    const hits = now.hits - before.hits;
    const all = now.all - before.all;
    before = now;
    return {
      hits,
      misses: all - hits,
      hitRatio: all === 0 ? 0 : Math.round((hits / all) * 1000) / 1000,
    };
  };
}
