import { FLAGS, flagsView, flagView, type FlagKey, type FlagVariant } from '@florin/contracts';
import type { Flags } from '@florin/messaging';
import { z } from 'zod';
import type { ChangeFlag } from '../change-flag.ts';
import { route, type Route } from '../rest/route.ts';

interface FlagRouteDeps {
  flags: Pick<Flags, 'variant' | 'stored'>;
  changeFlag: ChangeFlag;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;
const KEYS = Object.keys(FLAGS) as FlagKey[];

/** A flag as this process has it; `variant` where it is known better. */
function viewOf(
  flags: FlagRouteDeps['flags'],
  key: FlagKey,
  variant: FlagVariant = flags.variant(key),
): z.input<typeof flagView> {
  const { variants, default: byDefault, description } = FLAGS[key];
  const stored = flags.stored(key);
  return {
    key,
    variant,
    variants: [...variants],
    default: byDefault,
    description,
    ...(stored?.variant === variant
      ? { changedBy: stored.changedBy, changedAt: stored.changedAt }
      : {}),
  };
}

/** One route for each flag, so that each is described with the variants that it has. */
const settingOf = ({ flags, changeFlag }: FlagRouteDeps, key: FlagKey): Route =>
  route({
    ...SHARED,
    method: 'PUT',
    path: `/v1/admin/flags/${key}`,
    summary: `Set ${key}: ${FLAGS[key].variants.join(', ')}`,
    description: `${FLAGS[key].description}. Every instance follows within a second.`,
    body: z.strictObject({ variant: z.enum(FLAGS[key].variants) }),
    answers: { 200: { description: 'The flag as it is now', schema: flagView } },
    async handle({ caller, body: { variant }, requestId }) {
      await changeFlag({ key, variant, actorId: caller.id, requestId });
      return { status: 200, body: viewOf(flags, key, variant) };
    },
  });

export function flagRoutes(deps: FlagRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/flags',
      summary: 'Feature flags',
      answers: { 200: { description: 'All there are', schema: flagsView } },
      handle: () => ({ status: 200, body: { items: KEYS.map((key) => viewOf(deps.flags, key)) } }),
    }),
    ...KEYS.map((key) => settingOf(deps, key)),
  ];
}
