/** The parts of vitest's JSON report that tell what failed. */
export interface FailedReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: {
      status: string;
      fullName: string;
      failureMessages?: string[] | null;
      /** What the platform under test complained of until then. */
      meta?: { troubles?: string[] };
    }[];
  }[];
}

/**
 * One entry for each failed test, with what its platform complained of in lines below, and one for
 * each file that failed outside of its tests.
 */
export function failedTests(report: FailedReport, root: string): string[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(root, '');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const entries = failed.map(({ fullName, failureMessages, meta }) => {
      const why = `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`;
      return [why, ...(meta?.troubles ?? [])].join('\n  ');
    });
    // It does not load, or what prepares its tests failed, and then they count as skipped.
    if (status !== 'failed' || entries.length > 0) return entries;
    return [`${file}: ${firstLine(message) || 'failed outside of its tests'}`];
  });
}

/** Tests that were left out: not those of a file that failed before it came to them. */
export const skippedTests = ({ testResults }: FailedReport): number =>
  testResults
    .filter(({ status }) => status !== 'failed')
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed').length;

const firstLine = (text = ''): string => text.split('\n', 1)[0] ?? '';
