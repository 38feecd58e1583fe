import { defineConfig } from '@playwright/test';

const tv = 'Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0 TV Safari/537.36';

/**
 * The pages in a real Chromium. With MOVIFY_BIN (and MOVIFY_CLIP, a real clip) every spec runs against the real server;
 * without it the contract's mock stands in. One worker: the specs share one server, and its machine is small.
 */
export default defineConfig({
  testDir: 'test/e2e',
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  outputDir: 'test-results',
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    locale: 'en-US',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required', '--mute-audio', '--lang=en-US'],
    },
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'first-run', testMatch: 'first-run.spec.ts', use: { viewport: { width: 1440, height: 900 } } },
    {
      name: 'desktop',
      testMatch: ['player.spec.ts', 'pages.spec.ts'],
      dependencies: ['first-run'],
      use: { viewport: { width: 1440, height: 900 } },
    },
    // What needs real files read by the real server; the mock knows names only.
    ...(process.env.MOVIFY_BIN
      ? [
          {
            name: 'library',
            testMatch: [
              'library.spec.ts',
              'session.spec.ts',
              'people.spec.ts',
              'storage.spec.ts',
              'profiles.spec.ts',
              'limits.spec.ts',
              'search.spec.ts',
              'described.spec.ts',
              'parts.spec.ts',
              'keeping.spec.ts',
              'match.spec.ts',
              'ordering.spec.ts',
            ],
            dependencies: ['first-run'],
            use: { viewport: { width: 1440, height: 900 } },
          },
        ]
      : []),
    {
      name: 'phone',
      testMatch: 'pages.spec.ts',
      dependencies: ['first-run'],
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    },
    {
      name: 'tv',
      testMatch: ['pages.spec.ts', 'remote.spec.ts'],
      dependencies: ['first-run'],
      use: { viewport: { width: 1920, height: 1080 }, userAgent: tv },
    },
  ],
  globalSetup: './test/e2e/server.ts',
});
