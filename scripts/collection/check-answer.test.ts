import { describe, expect, test } from 'vitest';
import { failureOf, valueAt } from './check-answer.ts';

const answer = {
  status: 201,
  headers: { 'x-request-id': 'r' },
  body: { items: [{ id: 'a' }], open: true, amount: '10' },
};

describe('hunts assertions of the collection that hold whatever is answered', () => {
  test.each([
    ['res.status', 'eq 201', 'eq 20'],
    ['res.status', 'in [200, 201]', 'in [20, 200]'],
    ['res.headers.x-request-id', 'isDefined', 'eq'],
    ['res.body.items', 'length 1', 'length 0'],
    ['res.body.items[0].id', 'eq a', 'eq b'],
    ['res.body.open', 'eq true', 'eq false'],
  ])('%s', (path, right, wrong) => {
    expect(failureOf(answer, path, right)).toBeUndefined();
    expect(failureOf(answer, path, wrong)).toContain(path);
  });

  test('what is not there is neither defined nor long', () => {
    expect(valueAt(answer, 'res.body.items[1].id')).toBeUndefined();
    expect(failureOf(answer, 'res.body.nothing', 'isDefined')).toBe(
      'res.body.nothing is nothing, not isDefined',
    );
    expect(failureOf(answer, 'res.body.amount', 'length 2')).toContain('amount');
  });

  test('an operator that is not known here fails the run', () => {
    expect(() => failureOf(answer, 'res.status', 'gte 200')).toThrow('gte');
    expect(() => failureOf(answer, 'status', 'eq 201')).toThrow('not of an answer');
  });
});
