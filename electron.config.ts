// One Vite config for every part of Orrery. `vite build -c electron.config.ts` builds all three environments.
//   main     src-main/hosts/**         -> out/main/*.cjs           (Node; shared chunks, "electron" stays external)
//   preload  .../electron/preload.ts   -> out/preload/preload.cjs  (sandboxed: one CJS file, no chunks)
//   client   src-renderer/index.html   -> out/renderer
import { utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  root: at('./src-renderer'),
  base: './',
  publicDir: false,
  clearScreen: false,
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    // Vite injects styles as <style> and talks over its own socket; everything else is as strict as the built app.
    headers: {
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; worker-src 'self'; connect-src 'self' ws://127.0.0.1:5173; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html layout-worker",
    },
    proxy: { '^/lab$': { target: 'ws://127.0.0.1:5174', ws: true, changeOrigin: true } },
  },
  builder: {
    async buildApp(builder) {
      const started = new Date();
      for (const name of ['main', 'preload', 'client']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
      // Its time tells the command line's starter whether a source was changed since the build began.
      writeFileSync(at('./out/built'), '');
      utimesSync(at('./out/built'), started, started);
    },
  },
  environments: {
    client: {
      build: {
        outDir: at('./out/renderer'),
        emptyOutDir: true,
        sourcemap: mode !== 'production',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0, // no data: URLs, so the CSP needs none
        license: { fileName: 'LICENSES-renderer.md' },
        // All of it is for the first picture, in parts that are fetched side by side; the YAML editor and the layout worker come when they are asked for.
        rolldownOptions: {
          // Whoever starts the lab on a slow machine need not read how long each plugin took.
          checks: { pluginTimings: false },
          output: {
            codeSplitting: {
              groups: [
                // Paths are told as the system writes them.
                {
                  name: 'libraries',
                  test: /node_modules[\\/](svelte|bits-ui|@floating-ui|svelte-toolbelt|runed|tabbable|i18next|d3-[a-z]+)[\\/]/,
                },
                { name: 'messages', test: /src-renderer[\\/]messages[\\/]/ },
              ],
            },
          },
        },
      },
    },
    main: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'], conditions: ['node', 'module', 'import', 'default'] },
      build: {
        outDir: at('./out/main'),
        emptyOutDir: true,
        copyPublicDir: false,
        target: 'node20.19',
        license: { fileName: 'LICENSES-main.md' },
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: {
            electron: at('./src-main/hosts/electron/electron.ts'),
            serve: at('./src-main/hosts/browser/serve.ts'),
            launch: at('./src-main/hosts/browser/launch.ts'),
            orrery: at('./src-main/hosts/cli/orrery.ts'),
          },
          output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunk-[name].cjs' },
          external: ['electron', 'bufferutil', 'utf-8-validate'],
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        outDir: at('./out/preload'),
        emptyOutDir: true,
        copyPublicDir: false,
        target: 'chrome140',
        minify: false,
        rolldownOptions: {
          input: { preload: at('./src-main/hosts/electron/preload.ts') },
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
          external: ['electron'],
        },
      },
    },
  },
}));
