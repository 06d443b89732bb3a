import { parse, stringify } from 'yaml';
import { hurried, hurriedQuery } from '../observability/hurried.ts';

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
}

interface Rules {
  groups: { name: string; interval?: string; rules: Rule[] }[];
}

/** Figures are scraped every second: a rate needs some of them. */
const WINDOW_SECONDS_MIN = 6;

/**
 * The rules with windows, pauses and intervals a sixtieth as long when `times` is sixty, so that
 * what takes an hour in a cluster is seen in a minute. Thresholds stay, but for the samples that
 * drift needs before it says anything.
 * @param own alerts that must be hurried less or more, and how much
 */
export function hurriedRules(
  text: string,
  times: number,
  own: Readonly<Record<string, number>> = {},
): string {
  const { groups } = parse(text) as Rules;
  const rule = ({ expr, for: pending, ...rest }: Rule): Rule => {
    const ownTimes = own[rest.alert ?? ''] ?? times;
    return {
      ...rest,
      expr: hurriedQuery(expr, ownTimes, WINDOW_SECONDS_MIN).replace(
        /(increase1h\)) > (\d+)/,
        (_, sum: string, least: string) => `${sum} > ${Math.ceil(Number(least) / ownTimes)}`,
      ),
      ...(pending === undefined ? {} : { for: hurried(pending, ownTimes) }),
    };
  };
  return stringify({
    groups: groups.map((group) => ({
      name: group.name,
      interval: '1s',
      rules: group.rules.map(rule),
    })),
  });
}
