/** The parts of vitest's JSON report that tell what failed. */
export interface FailedReport {
  testResults: {
    name: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] | null }[];
  }[];
}

/** One line for each failed test: its file, its name, and the first line of what it said. */
export function failedTests(report: FailedReport, root: string): string[] {
  return report.testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.replace(root, '');
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const lines = failed.map(
      ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`,
    );
    // A file that does not load has no test that could fail.
    if (assertionResults.length === 0 && message) lines.push(`${file}: ${firstLine(message)}`);
    return lines;
  });
}

const firstLine = (text = ''): string => text.split('\n', 1)[0] ?? '';
