// node scripts/observability/draw-trace.ts
//
// Brings up Florin, makes a deposit that is traced, and draws its trace into docs: who worked on it
// when, from HTTP through the lanes to the bank and back into the books.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@florin/testing';
import { fundedWallet, newPerson } from '../journeys/person.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { root } from '../run-command.ts';
import { collectSpans, traceTree } from './collect-spans.ts';
import { traceSvg } from './trace-svg.ts';

const TRACE = '6d1b54f5799d4fc0b5e0141f2f2f6958';
const CALLER = '00f067aa0ba902b7';
const PICTURE = 'docs/traces/deposit.svg';
/** The last step is that the ledger confirms what it was told. */
const LAST = 'confirm';

await using collector = await collectSpans();
await using platform = await startScratchPlatform({
  env: { OTLP_ENDPOINT: collector.url, TRACE_PERCENT: '100' },
});
const person = await newPerson(platform.dev().gatewayUrl);
const walletId = await fundedWallet(person, '0');
// The first of its kind: what it makes the processes load would be most of the picture.
await person.pay('/v1/deposits', { walletId, amount: '100', bankAccount: 'ok' });
const order = { walletId, amount: '2500', bankAccount: 'ok' };
const traceparent = `00-${TRACE}-${CALLER}-01`;
await person.pay('/v1/deposits', order, 'drawn', { traceparent });
const spans = await eventually(
  () => {
    const found = collector.spans().filter(({ traceId }) => traceId === TRACE);
    return found.some(({ name }) => name === LAST) && found;
  },
  { timeoutMs: 60_000, everyMs: 200 },
);
console.log(traceTree(spans).join('\n'));
writeFileSync(join(root, PICTURE), traceSvg(spans));
console.log(PICTURE);
