import { expect, test } from 'vitest';
import {
  failedAtFirst,
  failedFiles,
  failedTests,
  passedTests,
  skippedTests,
  withRepeated,
} from './reports.ts';

test('hunts failures that a long run shows only far above its last line', () => {
  const report = {
    testResults: [
      {
        name: '/repo/a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'adds' },
          {
            status: 'failed',
            fullName: 'takes',
            failureMessages: ['Error: no\n    at a.test.ts:3'],
            meta: { troubles: ['19:03 gateway: ended with 1'] },
          },
        ],
      },
      {
        name: '/repo/b.test.ts',
        status: 'failed',
        message: 'SyntaxError: odd\nmore',
        assertionResults: [],
      },
      {
        name: '/repo/c.test.ts',
        status: 'passed',
        message: '',
        assertionResults: [{ status: 'skipped', fullName: 'needs a browser' }],
      },
      {
        name: '/repo/d.test.ts',
        status: 'failed',
        message: 'Error: no platform',
        assertionResults: [{ status: 'skipped', fullName: 'pays' }],
      },
      {
        name: '/repo/e.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [{ status: 'skipped', fullName: 'pays' }],
      },
    ],
  };
  expect(failedTests(report, '/repo/')).toEqual([
    'a.test.ts: takes: Error: no\n  19:03 gateway: ended with 1',
    'b.test.ts: SyntaxError: odd',
    'd.test.ts: Error: no platform',
    'e.test.ts: failed outside of its tests',
  ]);
  expect(failedFiles(report, '/repo/')).toHaveLength(4);
  expect([passedTests(report), skippedTests(report)]).toEqual([1, 1]);
});

test('what a file said when it was repeated counts instead', () => {
  const file = (name: string, status: string) => ({
    name,
    status,
    assertionResults: [{ status, fullName: 'pays' }],
  });
  const first = { testResults: [file('a', 'failed'), file('b', 'failed'), file('c', 'passed')] };
  const again = { testResults: [file('a', 'passed'), file('b', 'failed')] };
  const both = withRepeated(first, again);
  expect(failedFiles(both, '')).toEqual(['b']);
  expect(failedAtFirst(first, both, '')).toEqual(['a: pays: ']);
  expect(passedTests(both)).toBe(2);
});
