import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * `import.meta` is a syntax error on Chromium 63 (Tizen 5.0). The bundler leaves one in its dynamic-import helper even
 * when nothing is preloaded, so it is rewritten here, and any other one fails the build.
 */
function withoutImportMeta(): Plugin {
  const helper = /import\.meta\.resolve\?new URL\(import\.meta\.resolve\((\w+)\)\):new URL\(\1,import\.meta\.url\)/g;
  return {
    name: 'without-import-meta',
    enforce: 'post',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const [name, chunk] of Object.entries(bundle)) {
        if (chunk.type !== 'chunk' || !chunk.code.includes('import.meta')) continue;
        chunk.code = chunk.code.replace(helper, 'new URL($1,document.baseURI)');
        if (chunk.code.includes('import.meta')) this.error(`import.meta is left in ${name}: it does not parse on the floor browser`);
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), withoutImportMeta()],
  server: { host: '127.0.0.1', proxy: proxy(process.env.MOVIFY_API) },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome63', 'safari15.4', 'firefox98'],
    cssTarget: ['chrome63', 'safari15.4'],
    cssCodeSplit: false, // one small style sheet, and nothing to preload
    modulePreload: false, // its helper contains import.meta
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or workers
    manifest: true, // read by scripts/gate.mjs
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
});

/** During development the API, the media and the probes come from a running server. */
function proxy(target = 'http://127.0.0.1:8099') {
  return Object.fromEntries(['/api', '/media', '/healthz'].map((path) => [path, { target }]));
}
