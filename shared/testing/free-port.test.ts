import { expect, test } from 'vitest';
import { listeningPorts, outgoingPorts, type PortRange } from './free-port.ts';

test.each<[PortRange, PortRange]>([
  [
    [32_768, 60_999],
    [10_100, 32_767],
  ],
  [
    [16_000, 65_535],
    [10_100, 15_999],
  ],
  [
    [1_024, 30_000],
    [30_001, 65_535],
  ],
  // Nothing is left beside it: then a port may be lost, but there are some.
  [
    [1_024, 65_535],
    [10_100, 65_535],
  ],
])('servers listen beside the ports %j of outgoing connections', (outgoing, listening) => {
  expect(listeningPorts(outgoing)).toEqual(listening);
});

test('the system says from where it takes outgoing ports', () => {
  const [first, last] = outgoingPorts();
  expect(first).toBeGreaterThan(0);
  expect(last).toBeGreaterThan(first);
});
