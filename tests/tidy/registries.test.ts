// Adding something is one file and one line: a file of a folder with a registry that no line names would never run, and nobody would notice.
import { expect, test } from 'vitest';
import { read, sources } from './source.ts';

const ENGINE = 'src-main/engine/';

/** Folder with a registry, and what an export that belongs into it looks like. */
const REGISTRIES: readonly (readonly [string, RegExp])[] = [
  ['kinds', /^export const (\w+Kind)(?:: Kind<\w+>)? = /gm],
  ['controllers', /^export const (\w+)(?:: AnyController = | = \w*[cC]ontroller\w*[(<]| = perNamespace[(<])/gm],
  ['scheduler/plugins', /^export const (\w+): SchedulerPlugin = /gm],
  ['api/admission', /^export const (\w+): AdmissionPlugin = /gm],
  ['failures', /^export const (\w+) = defineFailure\(/gm],
  ['statecharts', /^export const (\w+) = defineChart\(/gm],
  ['storage', /^export const (\w+)(?:: AnyComponent)? = defineComponent[(<]/gm],
];

/** Made only so that a test can hold the quiet one against it. */
const FOR_COMPARISON: ReadonlySet<string> = new Set(['tickingNodeLifecycleController', 'tickingHorizontalPodAutoscalerController']);

test.each(REGISTRIES)('%s: everything that is defined is in the list, and the list names nothing else', (folder, pattern) => {
  const registry = `${ENGINE}${folder}/registry.ts`;
  const defined = sources(`${ENGINE}${folder}`)
    .filter(({ path }) => path !== registry)
    .flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name]) => name ?? ''));
  const { text } = read(registry);
  const list = /readonly \w+\[\] = \[([^;]*)\];/.exec(text)?.[1] ?? '';
  const listed = list.split(',').map((entry) => entry.trim().split(' ')[0] ?? '');
  expect(listed.filter((name) => name !== '').sort()).toEqual(defined.filter((name) => !FOR_COMPARISON.has(name)).sort());
});

test('every view is in the list, and every panel is shown by somebody', () => {
  const views = read('src-renderer/app/registry.ts').imports.map(({ path }) => path);
  const folders = (kind: string): readonly string[] => [
    ...new Set(
      sources(`src-renderer/${kind}`)
        .map(({ path }) => path.split('/').slice(0, 3).join('/'))
        .filter((path) => !path.includes('.')),
    ),
  ];
  const shown = sources('src-renderer').flatMap((file) => file.imports.map(({ path }) => ({ from: file.path, path })));
  const unseen = folders('panels').filter(
    (panel) => !shown.some(({ from, path }) => path.startsWith(`${panel}/`) && !from.startsWith(`${panel}/`)),
  );
  expect(folders('views').filter((view) => !views.some((path) => path.startsWith(`${view}/`)))).toEqual([]);
  expect(unseen).toEqual([]);
});
