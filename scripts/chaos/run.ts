// npm run chaos [-- --scale 0.3 --only nats]
//
// Puts toxiproxy between all services and nats-server, Postgres and a bank, makes these connections
// slow, cuts them, resets them, lets them close slowly and loses their packets, one trouble after
// the other, while k6 pays through the gateway. Clients repeat with the same key what was not
// answered. At the end everything is final and the money is counted.
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventually } from '@florin/testing';
import { findTool } from '../charts/install-tools.ts';
import { runScenario } from '../load/run-scenario.ts';
import { PAUSE_SECONDS, planSeconds, TROUBLES } from './plan.ts';
import { startProxiedPlatform, type ProxiedPlatform } from './proxied-platform.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '0.3' },
    wallets: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
  },
});

const READY_WITHIN_MS = 60_000;

const troubles = TROUBLES.filter(({ link }) => values.only === '' || link === values.only);

/** How long it takes until the gateway is ready again. */
async function recoveredMs({ platform }: ProxiedPlatform): Promise<number> {
  const healedMs = performance.now();
  await eventually(
    async () => (await fetch(new URL('/readyz', platform.dev().metrics['gateway']))).ok,
    { timeoutMs: READY_WITHIN_MS, everyMs: 50 },
  );
  return performance.now() - healedMs;
}

async function makeTrouble(proxied: ProxiedPlatform): Promise<void> {
  await wait(PAUSE_SECONDS * 1000);
  for (const { name, link, seconds, cause } of troubles) {
    const proxy = proxied.links[link];
    await cause(proxy);
    await wait(seconds * 1000);
    await proxy.heal();
    console.log(
      `chaos: ${name} for ${seconds} s; ready ${Math.round(await recoveredMs(proxied))} ms later`,
    );
    await wait(PAUSE_SECONDS * 1000);
  }
}

const k6 = findTool('k6');
const proxied = await startProxiedPlatform();
if (typeof proxied === 'string' || !('path' in k6)) {
  console.log(`chaos: SKIPPED, ${typeof proxied === 'string' ? proxied : 'k6 can’t be had'}`);
  process.exit(0);
}
await using stack = new AsyncDisposableStack();
stack.use(proxied);
const load = runScenario(k6.path, 'troubled', proxied.platform.dev(), {
  seconds: planSeconds(troubles),
  scale: values.scale,
  wallets: values.wallets,
  fraud: 'shadow',
});
await load.begun;
await makeTrouble(proxied);
const kept = await load.ended;
console.log(kept ? 'chaos: every order is final, and the money adds up' : 'chaos: NOT KEPT');
process.exitCode = kept ? 0 : 1;
