import { defineConfig } from '@playwright/test';
import { chromiumPath } from './test/browser.mjs';
import { sizes } from './test/e2e/sizes';

/**
 * The pages in a real Chromium. With MOVIFY_BIN (and MOVIFY_CLIP, a real clip) every spec runs against the real server;
 * without it the contract's mock stands in. Each worker has a server of its own, which its tests use one after the other in
 * any order and any number of times: `--shuffle SEED --repeat-each N`. PLAYWRIGHT_WORKERS says how many there are. There is
 * one project, and a spec takes its screen from sizes.ts: each further project would start all workers and browsers anew.
 */
export default defineConfig({
  testDir: 'test/e2e',
  fullyParallel: true,
  // A test that plays a film waits more than it computes, so there is one more worker than processors in a small machine.
  workers: Number(process.env.PLAYWRIGHT_WORKERS) || 3,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  outputDir: 'test-results',
  // To a file or a pipe go the failures alone, how many passed, and last where the traces of the failed ones lie.
  reporter: [[process.stdout.isTTY ? 'list' : 'failures'], ['./test/e2e/failed-list.ts']],
  reportSlowTests: null,
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    ...sizes.desktop,
    // Shorter than a test's own time, so that what fails names the control or the page it waited for.
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    launchOptions: {
      executablePath: chromiumPath(),
      args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required', '--mute-audio', '--lang=en-US'],
    },
    // The page as it was at each step, and without a film of it: that takes as much processor time as the page itself.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true },
  },
  // The mock knows names of films only: a spec that is not listed needs the real server, which reads their files.
  testMatch: process.env.MOVIFY_BIN ? undefined : ['first-run.spec.ts', 'pages.spec.ts', 'player.spec.ts', 'remote.spec.ts'],
  globalSetup: './test/e2e/server.ts',
});
