import { eventually } from '@florin/testing';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { fundedWallet, newPerson } from '../journeys/person.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { collectSpans, traceTree, type Span, type SpanCollector } from './collect-spans.ts';

const CALLER = '00f067aa0ba902b7';

/** Spans are sent in batches, every five seconds. */
const SENT_WITHIN_MS = 30_000;

let collector: SpanCollector;
let platform: ScratchPlatform;

beforeAll(async () => {
  collector = await collectSpans();
  platform = await startScratchPlatform({
    env: { OTLP_ENDPOINT: collector.url, TRACE_PERCENT: '100' },
  });
});

afterAll(async () => {
  await platform?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

/** The spans of a trace, once all of these have arrived. */
const spansOf = (trace: string, expected: string[]): Promise<Span[]> =>
  eventually(
    () => {
      const found = collector.spans().filter(({ traceId }) => traceId === trace);
      const names = found.map(({ service, name }) => `${service}: ${name}`);
      for (const one of expected) expect(names).toContain(one);
      return Promise.resolve(found);
    },
    { timeoutMs: SENT_WITHIN_MS, everyMs: 200 },
  );

const withoutTimes = (spans: readonly Span[]): string[] =>
  traceTree(spans).map((line) => line.replace(/ \(.*\)$/, ''));

const rootsIn = (lines: string[]): string[] => lines.filter((line) => !line.startsWith(' '));

describe('hunts a payment whose trace breaks off', () => {
  test('a transfer: HTTP, score and posting are one tree', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { gatewayUrl } = platform.dev();
    const payer = await newPerson(gatewayUrl);
    const payee = await newPerson(gatewayUrl);
    const from = await fundedWallet(payer);
    const to = await fundedWallet(payee, '0');
    const order = { fromWalletId: from, toWalletId: to, amount: '2500' };
    const traceparent = `00-${trace}-${CALLER}-01`;
    const answer = await payer.pay('/v1/transfers', order, 'traced', { traceparent });
    expect(answer.status).toBe(201);

    const spans = await spansOf(trace, [
      'gateway: POST /v1/transfers',
      'fraud: score',
      'ledger: post',
    ]);
    const lines = withoutTimes(spans);
    expect(lines[0]).toBe('gateway: POST /v1/transfers');
    expect(lines).toContain('  fraud: score');
    expect(lines).toContain('  ledger: post');
    expect(rootsIn(lines)).toHaveLength(1);
    const [root] = spans.filter(({ parentSpanId }) => parentSpanId === CALLER);
    const posted = spans.find(({ name }) => name === 'post');
    const [end = 0, postedEnd = Infinity] = [root, posted].map(
      (span) => span && span.startMs + span.durationMs,
    );
    expect(postedEnd).toBeLessThanOrEqual(end + 1);
  });

  test('a deposit: out to the bank and back into the books is one tree, too', async () => {
    const trace = '5c0a43f4688c4ebfa4df030e1f1f5847';
    const person = await newPerson(platform.dev().gatewayUrl);
    const walletId = await fundedWallet(person, '0');
    const order = { walletId, amount: '2500', bankAccount: 'ok' };
    const traceparent = `00-${trace}-${CALLER}-01`;
    const answer = await person.pay('/v1/deposits', order, 'traced', { traceparent });
    expect(answer.status).toBe(201);

    const spans = await spansOf(trace, ['fraud: score', 'banking: ask', 'banking: announce']);
    const lines = withoutTimes(spans);
    expect(lines[0]).toBe('gateway: POST /v1/deposits');
    expect(lines).toContain('  ledger: post');
    expect(lines).toContain('  banking: ask');
    // What the bank has said is posted because banking told it.
    const told = lines.indexOf('  banking: announce');
    expect(lines[told + 1]).toBe('    ledger: post');
    expect(rootsIn(lines)).toHaveLength(1);
  });
});
