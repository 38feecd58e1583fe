import { relative, resolve } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite } from '@playwright/test/reporter';

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
    for (const test of failed) {
      const { results, repeatEachIndex } = test;
      const round = repeatEachIndex > 0 ? `, round ${repeatEachIndex + 1}` : '';
      const traces = results.flatMap(({ attachments }) => attachments).filter(({ name, path }) => name === 'trace' && path);
      const [, project, ...title] = test.titlePath();
      console.log(`failed: [${project}] ${title.join(' › ')}${round}`);
      for (const { path = '' } of traces) console.log(`  trace: ${relative(this.repository, path)}`);
    }
  }
}
