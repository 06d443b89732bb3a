import { describe, expect, test } from 'vitest';
import { encode, encodedWidth, fitEncoder, type Encoding } from './encoder.ts';
import type { Matrix } from './matrix.ts';

const column = (...values: number[]): Matrix => ({
  rows: values.length,
  columns: 1,
  values: Float32Array.from(values),
});

describe('hunts encodings that lose, invent or leak information', () => {
  test('piecewise: bins below are full, bins above are empty, the own bin is partly full', () => {
    const encoder = fitEncoder(column(0, 1, 2, 10, 100), [{ kind: 'piecewise', bins: 4 }]);
    expect(encoder.columns).toEqual([{ kind: 'piecewise', edges: [0, 1, 2, 10, 100] }]);
    const { columns, values } = encode(encoder, column(0, 1.5, 55, 100));
    expect(columns).toBe(4);
    expect([...values]).toEqual([0, 0, 0, 0, 1, 0.5, 0, 0, 1, 1, 1, 0.5, 1, 1, 1, 1]);
  });

  test('piecewise: what lies outside the training range encodes like its ends', () => {
    const encoder = fitEncoder(column(0, 1, 2), [{ kind: 'piecewise', bins: 2 }]);
    expect(encode(encoder, column(-7, 99)).values).toEqual(encode(encoder, column(0, 2)).values);
  });

  test('piecewise: equal quantiles make one edge, and a constant column one silent input', () => {
    const encodings: Encoding[] = [{ kind: 'piecewise', bins: 10 }];
    const mostlyZero = fitEncoder(column(0, 0, 0, 0, 0, 0, 0, 0, 0, 5), encodings);
    expect(mostlyZero.columns).toEqual([{ kind: 'piecewise', edges: [0, 5] }]);
    const constant = fitEncoder(column(3, 3, 3), encodings);
    expect(encodedWidth(constant)).toBe(1);
    expect([...encode(constant, column(1, 3, 9)).values]).toEqual([0, 0, 0]);
  });

  test('piecewise: fraud bins put edges where the few frauds lie', () => {
    const amounts = column(...Array.from({ length: 100 }, (_, at) => at), 500, 600, 700);
    const labels = amounts.values.map((amount) => (amount >= 500 ? 1 : 0));
    const encodings: Encoding[] = [{ kind: 'piecewise', bins: 2, fraudBins: 2 }];
    const [fitted] = fitEncoder(amounts, encodings, labels).columns;
    expect(fitted).toEqual({ kind: 'piecewise', edges: [0, 51, 500, 600, 700] });
    expect(() => fitEncoder(amounts, encodings)).toThrow('need a label');
  });

  test('standard: mean 0 and deviation 1 on training rows, the same scale on others', () => {
    const encoder = fitEncoder(column(2, 4, 6), [{ kind: 'standard' }]);
    const [low, middle, high] = encode(encoder, column(2, 4, 6)).values;
    expect(middle).toBe(0);
    expect(high).toBeCloseTo(Math.sqrt(1.5), 6);
    expect(low).toBeCloseTo(-Math.sqrt(1.5), 6);
    expect(encode(fitEncoder(column(3, 3), [{ kind: 'standard' }]), column(5)).values[0]).toBe(2);
  });

  test('columns stay beside each other in their order, and survive JSON', () => {
    const raw: Matrix = { rows: 2, columns: 3, values: Float32Array.of(1, 0, 5, 0, 10, 7) };
    const encoder = fitEncoder(raw, [
      { kind: 'keep' },
      { kind: 'piecewise', bins: 1 },
      { kind: 'standard' },
    ]);
    const again = JSON.parse(JSON.stringify(encoder)) as typeof encoder;
    expect([...encode(again, raw).values]).toEqual([1, 0, -1, 0, 1, 1]);
  });

  test('rows of another width are our own mistake', () => {
    const encoder = fitEncoder(column(1, 2), [{ kind: 'keep' }]);
    expect(() => encode(encoder, { rows: 1, columns: 2, values: new Float32Array(2) })).toThrow(
      'other columns',
    );
  });
});
