import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import { fundedWallet, newPerson } from '../journeys/person.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { collectSpans, traceTree } from './collect-spans.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

/** Spans are sent in batches, every five seconds. */
const SENT_WITHIN_MS = 30_000;

test('hunts a payment whose trace breaks off: HTTP, score and posting are one tree', async () => {
  await using collector = await collectSpans();
  await using platform = await startScratchPlatform({
    env: { OTLP_ENDPOINT: collector.url, TRACE_PERCENT: '100' },
  });
  const { gatewayUrl } = platform.dev();
  const payer = await newPerson(gatewayUrl);
  const payee = await newPerson(gatewayUrl);
  const from = await fundedWallet(payer);
  const to = await fundedWallet(payee, '0');
  const order = { fromWalletId: from, toWalletId: to, amount: '2500' };
  const traceparent = `00-${TRACE}-${CALLER}-01`;
  const answer = await payer.pay('/v1/transfers', order, 'traced', { traceparent });
  expect(answer.status).toBe(201);

  const spans = await eventually(
    () => {
      const found = collector.spans().filter(({ traceId }) => traceId === TRACE);
      const services = new Set(found.map(({ service }) => service));
      for (const service of ['gateway', 'fraud', 'ledger']) expect(services).toContain(service);
      return Promise.resolve(found);
    },
    { timeoutMs: SENT_WITHIN_MS, everyMs: 200 },
  );
  const lines = traceTree(spans).map((line) => line.replace(/ \(.*\)$/, ''));
  expect(lines[0]).toBe('gateway: POST /v1/transfers');
  expect(lines).toContain('  fraud: score');
  expect(lines).toContain('  ledger: post');
  // One root: everything else lies beneath it.
  expect(lines.filter((line) => !line.startsWith(' '))).toHaveLength(1);
  const [root] = spans.filter(({ parentSpanId }) => parentSpanId === CALLER);
  const posted = spans.find(({ name }) => name === 'post');
  const [end = 0, postedEnd = Infinity] = [root, posted].map(
    (span) => span && span.startMs + span.durationMs,
  );
  expect(postedEnd).toBeLessThanOrEqual(end + 1);
});
