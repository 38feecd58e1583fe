import type { Reporter, TestModule } from 'vitest/node';
import { noteFailure } from './note-failure';

/** Notes the unit tests that failed, and the files that could not even be read. */
export default class UnitFailures implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string }[]): void {
    for (const module of modules) {
      const failed = [...module.children.allTests('failed')].map(({ fullName }) => fullName);
      if (failed.length === 0 && module.state() === 'failed') failed.push('the file could not be run');
      for (const name of failed) noteFailure(`web: ${module.relativeModuleId} › ${name}`);
    }
    for (const { message } of errors) noteFailure(`web: outside of any test: ${message}`);
  }
}
