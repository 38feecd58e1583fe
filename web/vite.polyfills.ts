import { defineConfig } from 'vite';

// A second build: one classic script that only browsers below Chromium 98 load (public/boot.js decides).
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'chrome63',
    minify: 'terser',
    reportCompressedSize: false,
    lib: { entry: 'src/boot/polyfills.js', formats: ['iife'], name: 'movifyPolyfills', fileName: () => 'polyfills.js' },
  },
});
