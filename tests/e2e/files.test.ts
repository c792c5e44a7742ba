// A person's own files, dropped on the window: what is good runs, what is bad is named with its place, and nothing happens by halves.
import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import type { LabWire } from '../support/lab-wire.ts';
import { dropFiles } from './drop-files.ts';
import { begin, type PausedLab, useLab } from './paused-lab.ts';

let lab: PausedLab;
let page: Page;
let wire: LabWire;
useLab((opened) => {
  lab = opened;
  ({ page, wire } = opened);
});
beforeEach(() => begin(lab, 'empty'));

/** The report in the dialog, one entry a document or fault. */
async function report(): Promise<string[]> {
  const entries = page.getByRole('dialog', { name: 'What became of the files' }).getByRole('listitem');
  await entries.first().waitFor();
  return (await entries.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

const deployment = (name: string, replicas = 2): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: ${name}
          image: nginx:1.27
          readinessProbe:
            httpGet: {path: /, port: 80}
`;
const service = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});

test('many documents, a list and JSON come together, and the lab runs them', async () => {
  await dropFiles(page, {
    'shop.yaml': `# two documents\n${deployment('web')}---\n${deployment('api', 1)}`,
    'list.yml': `apiVersion: v1\nkind: List\nitems:\n- ${JSON.stringify(service('web'))}\n- ${JSON.stringify(service('api'))}\n`,
    'settings.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { colour: 'blue' } }),
  });
  expect((await report()).sort()).toEqual([
    'ConfigMap default/settings created',
    'Deployment default/api created',
    'Deployment default/web created',
    'Service default/api created',
    'Service default/web created',
  ]);
  await page.keyboard.press('Escape');
  const summary = (now: LabWire, name: string) =>
    now.rows('objects').find((row) => row.kind.startsWith('Deployment') && row.name === name)?.summary ?? '';
  await wire.until((now) => summary(now, 'web').startsWith('2/2') && summary(now, 'api').startsWith('1/1'));
  await expect.poll(() => page.getByTestId('count-ready').textContent()).toBe('3');
  const listed = page.getByTestId('overview').getByRole('button', { name: /^web Deployment/ });
  await expect.poll(() => listed.innerText()).toContain('2/2');

  await dropFiles(page, { 'again.yaml': `${deployment('web')}---\n${deployment('api', 3)}` });
  expect(await report()).toEqual(['Deployment default/web unchanged', 'Deployment default/api configured']);
  await wire.until((now) => summary(now, 'api').startsWith('3/3'));
  expect(wire.rows('pods').map(({ look }) => look)).toEqual(Array(5).fill('ready'));
});

test.each([
  ['a tab', 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: web\n', 'bad.yaml, line 4, column 1'],
  ['a lost indentation', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n labels: {}\n', 'bad.yaml, line 5, column 1'],
  ['an open bracket', 'apiVersion: v1\nkind: Pod\nmetadata: {name: web\n', 'bad.yaml, line 4, column 1'],
  ['no kind', 'apiVersion: v1\nmetadata:\n  name: web\n', 'bad.yaml, line 1, column 1'],
])('text with %s is refused with file, line, column and what was expected; nothing of any file is applied', async (_fault, text, place) => {
  const before = await wire.worldDigest();
  await dropFiles(page, { 'good.yaml': deployment('web'), 'bad.yaml': text });
  await page.getByRole('dialog').getByText('Nothing was applied: the text has faults.').waitFor();
  const entries = await report();
  expect(entries[0]).toContain(place);
  expect(entries[0]?.toLowerCase()).toContain('expected');
  expect(entries.join()).not.toContain('good.yaml');
  expect(await wire.worldDigest()).toBe(before);
});

test("objects that the API refuses are reported with its Status; the file's good documents are there", async () => {
  const wrong = deployment('wrong').replace('labels: {app: wrong}', 'labels: {app: other}');
  await dropFiles(page, {
    'half.yaml': [
      deployment('web'),
      wrong,
      deployment('under').replace('name: under\nspec', 'name: Under_Score\nspec'),
      deployment('api'),
    ].join('---\n'),
  });
  const entries = await report();
  expect(entries).toEqual([
    'Deployment default/web created',
    expect.stringMatching(
      /spec\.template\.metadata\.labels: Invalid value: .*"app":"other".*: `selector` does not match template `labels`/,
    ),
    expect.stringContaining('metadata.name: Invalid value: "Under_Score": a lowercase RFC 1123 subdomain must consist of'),
    'Deployment default/api created',
  ]);
  expect(entries[1]).toMatch(/^Deployment wrong refused Deployment\.apps "wrong" is invalid: /);
  await wire.sees((now) => now.rows('objects').some(({ kind, name }) => kind.startsWith('Deployment') && name === 'api'));
  expect(
    wire
      .rows('objects')
      .filter(({ kind }) => kind.startsWith('Deployment'))
      .map(({ name }) => name),
  ).toEqual(['web', 'api']);
});

test('unknown fields are warned of by name; unknown kinds are kept and marked "stored, not simulated"', async () => {
  await dropFiles(page, {
    'odd.yaml': `${deployment('web').replace('image: nginx', 'imag: nginx\n          image: nginx').replace('replicas:', 'replicaz: 3\n  replicas:')}---
apiVersion: example.com/v1
kind: Rocket
metadata: {name: saturn}
spec: {stages: 3}
`,
  });
  const [first = '', second = ''] = await report();
  expect(first).toMatch(/^Deployment default\/web created/);
  expect(first).toContain('unknown field "spec.replicaz"');
  expect(first).toContain('unknown field "spec.template.spec.containers[0].imag"');
  expect(second).toMatch(/^Rocket default\/saturn created/);
  await page.keyboard.press('Escape');
  const rocket = page.getByTestId('overview').getByRole('button', { name: /^saturn Rocket/ });
  await expect.poll(() => rocket.innerText()).toContain('stored, not simulated');
  await rocket.click();
  const inspector = page.getByTestId('inspector');
  await inspector.getByText(/^Stored, not simulated/).waitFor();
  await inspector.getByText('stages', { exact: true }).waitFor();
});

test('manifests come from the clipboard and from the dialog too', async () => {
  await page.evaluate(
    (text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    },
    deployment('pasted', 1),
  );
  expect(await report()).toEqual(['Deployment default/pasted created']);
  await page.keyboard.press('Escape');
  const choosing = page.waitForEvent('filechooser');
  await page.getByTestId('open').click();
  await (await choosing).setFiles([{ name: 'chosen.yaml', mimeType: 'text/yaml', buffer: Buffer.from(deployment('chosen', 1)) }]);
  await expect.poll(report).toEqual(['Deployment default/chosen created']);
});
