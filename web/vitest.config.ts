import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    reporters: [process.stdout.isTTY ? 'default' : 'minimal', './test/unit-failures.ts'],
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
    // All files share one document: making one for each takes six times as long as all tests. `make flaky` runs them in
    // random order, so that none comes to depend on what another leaves behind.
    isolate: false,
    unstubGlobals: true,
    restoreMocks: true,
  },
});
