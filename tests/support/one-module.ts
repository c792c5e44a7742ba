// Makes one module of each test file and all that it imports: where every name of another file is read through an accessor, as a test runner's modules do, an engine of many files takes twice the time.
import { build, type Plugin } from 'vite';

export function oneModule(root: string): Plugin {
  return {
    name: 'one-module',
    enforce: 'pre',
    load: async (path) => (path.endsWith('.test.ts') ? bundled(root, path) : null),
  };
}

async function bundled(root: string, path: string): Promise<{ readonly code: string; readonly map: string }> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['vitest'] },
    build: {
      ssr: path,
      write: false,
      minify: false,
      sourcemap: true,
      target: 'node20.19',
      rolldownOptions: { output: { format: 'es', codeSplitting: false } },
    },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error(`more than one build of ${path}`);
  const [{ code, map }] = built.output;
  return { code, map: String(map) };
}
