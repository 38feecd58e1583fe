import { relative, resolve } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { noteFailure } from '../note-failure';

/** Ends a red run with a list of the tests that failed and where the trace of each lies. */
export default class FailedList implements Reporter {
  private suite?: Suite;
  private repository = '';

  onBegin({ rootDir }: FullConfig, suite: Suite): void {
    this.suite = suite;
    this.repository = resolve(rootDir, '../../..');
  }

  onEnd({ status }: FullResult): void {
    if (status === 'passed') return;
    const failed = this.suite?.allTests().filter((test) => !test.ok()) ?? [];
    const lines = failed.map((test) => this.line(test));
    // Such as a server that does not start.
    if (lines.length === 0) lines.push(`browser: the run ${status === 'failed' ? 'failed' : 'was stopped'} outside of any test`);
    for (const line of lines) {
      console.log(line);
      noteFailure(line);
    }
  }

  private line(test: TestCase): string {
    const [, , ...title] = test.titlePath();
    const round = test.repeatEachIndex > 0 ? `, round ${test.repeatEachIndex + 1}` : '';
    const traces = test.results
      .flatMap(({ attachments }) => attachments)
      .flatMap(({ name, path }) => (name === 'trace' && path ? [relative(this.repository, path)] : []));
    return `browser: ${title.join(' › ')}${round}  (trace: ${traces.join(', ') || 'none'})`;
  }
}
