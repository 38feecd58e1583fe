import { appendFileSync } from 'node:fs';

/** Adds a line to the list of what failed that a run of several suites ends with, where CI_FAILURES names its file. */
export function noteFailure(line: string): void {
  const { CI_FAILURES } = process.env;
  if (CI_FAILURES) appendFileSync(CI_FAILURES, `${line}\n`);
}
