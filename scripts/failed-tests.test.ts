import { expect, test } from 'vitest';
import { failedTests } from './failed-tests.ts';

test('hunts failures that a long run shows only far above its last line', () => {
  const report = {
    testResults: [
      {
        name: '/repo/a.test.ts',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'adds' },
          {
            status: 'failed',
            fullName: 'takes',
            failureMessages: ['Error: no\n    at a.test.ts:3'],
          },
        ],
      },
      { name: '/repo/b.test.ts', message: 'SyntaxError: odd\nmore', assertionResults: [] },
      { name: '/repo/c.test.ts', message: '', assertionResults: [] },
    ],
  };
  expect(failedTests(report, '/repo/')).toEqual([
    'a.test.ts: takes: Error: no',
    'b.test.ts: SyntaxError: odd',
  ]);
});
