// A person edits one object's YAML: what is refused is told beside its field, what is not edited stays, and a look changes nothing.
import { expect, test } from 'vitest';
import { objectDetail } from '../../../src-main/session/object-detail.ts';
import { applyYaml, checkYaml } from '../../../src-main/session/yaml/edit-yaml.ts';
import { fieldTable } from '../../../src-main/session/yaml/field-table.ts';
import { TestCluster } from '../../support/test-cluster.ts';

const deployment =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: default, labels: { team: a } }\n' +
  'spec: { replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, ' +
  'spec: { containers: [{ name: app, image: nginx }] } } }\n';
const service =
  'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: default }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n';

const shop = (): TestCluster => new TestCluster({ zones: 1, workers: 1 }).run('30s').apply(deployment).apply(service).run('30s');
const yamlOf = (cluster: TestCluster, kind: string, key = 'default/web'): string => objectDetail(cluster.world, kind, key).yaml;

type Change = readonly [from: string | RegExp, to: string];

/** The faults as `the line they stand at | message`; the line is that of the edited text. */
function check(kind: string, changes: readonly Change[], expected: readonly string[]): void {
  const cluster = shop();
  const base = yamlOf(cluster, kind);
  const text = changes.reduce((now, [from, to]) => now.replace(from, to), base);
  const before = JSON.stringify(cluster.world.save());
  const { faults, changed } = checkYaml(cluster.world, { kind, key: 'default/web', base, text });
  expect(faults.map(({ line, message }) => `${(text.split('\n')[line - 1] ?? '').trim()} | ${message}`)).toEqual(expected);
  expect(changed).toBe(expected.length === 0 && text !== base);
  expect(JSON.stringify(cluster.world.save())).toBe(before);
}

test('nothing changed', () => check('Deployment.apps', [], []));
test('a change that would do', () => check('Deployment.apps', [['replicas: 2', 'replicas: 3']], []));
test('a value that the API server refuses, at its line', () =>
  check(
    'Deployment.apps',
    [['replicas: 2', 'replicas: -1']],
    ['replicas: -1 | spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  ));
test('a field that does not exist', () =>
  check('Deployment.apps', [['image: nginx', 'imag: nginx']], ['imag: nginx | unknown field "spec.template.spec.containers[0].imag"']));
test('a wrong type', () =>
  check('Deployment.apps', [['replicas: 2', 'replicas: two']], [
    expect.stringMatching(/^replicas: two \| .*cannot unmarshal string into Go struct field DeploymentSpec\.spec\.replicas of type int32/),
  ] as never));
test('another name', () =>
  check(
    'Deployment.apps',
    [['name: web', 'name: wob']],
    ['name: wob | the name of the object (wob) does not match the name on the URL (web)'],
  ));
test('text that is no YAML, and more than one object', () => {
  check('Service', [['kind: Service', 'kind: [']], [expect.stringContaining(' | ')] as never);
  check('Service', [[/$/, '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n']], ['apiVersion: v1 | expected one object']);
});
test('the same fault of the same line is told once', () =>
  check('Deployment.apps', [['replicas: 2', 'replicas: 2: : [']], [
    expect.stringMatching(/^replicas: 2: : \[ \| nested mappings are not allowed/),
    expect.stringMatching(/^selector: \| flow sequence/),
  ] as never));
test('a dry run that draws a port leaves the chance of the next as it was', () =>
  check('Service', [['type: ClusterIP', 'type: NodePort']], []));

test('what was applied: only what differs from what the person saw, as a command of the log', () => {
  const cluster = shop();
  const base = yamlOf(cluster, 'Deployment.apps');
  const text = base.replace('replicas: 2', 'replicas: 3').replace(/^ {4}team: a\n/m, '    tier: web\n');
  // Meanwhile somebody else changes another field.
  cluster.edit(
    cluster.kind('deployment'),
    'default/web',
    (object) => ({ ...object, spec: { ...(object as never as { spec: object }).spec, minReadySeconds: 7 } }) as never,
  );
  const meanwhile = yamlOf(cluster, 'Deployment.apps');
  const logged = cluster.world.log().length;
  expect(applyYaml(cluster.world, { kind: 'Deployment.apps', key: 'default/web', base, text })).toEqual({
    faults: [],
    overtaken: [],
    warnings: [],
    changed: true,
    undo: { base: yamlOf(cluster, 'Deployment.apps'), text: meanwhile },
  });
  expect(cluster.world.log().length).toBe(logged + 1);
  expect(cluster.world.store.get('Deployment.apps', 'default/web')).toMatchObject({
    metadata: { labels: { tier: 'web' } },
    spec: { replicas: 3, minReadySeconds: 7 },
  });
  expect(yamlOf(cluster, 'Deployment.apps')).not.toContain('team: a');
  cluster.run('30s').expectReady('web', 3);
});

interface Meanwhile {
  readonly kind: string;
  readonly made: string;
  /** A person's change, others' change at the same time. */
  readonly mine: Change;
  readonly theirs: Change;
  /** What stands in both ways once mine is applied, or the lines that others have overtaken, with their fields. */
  readonly expected: { readonly holds: readonly string[] } | { readonly overtaken: readonly string[] };
}

/** The same two changes, once while the person edits, once between an apply and its undo. */
function checkMeanwhile({ kind, made, mine, theirs, expected }: Meanwhile): void {
  const changed = (yaml: string, [from, to]: Change): string => {
    expect(yaml).toMatch(from);
    return yaml.replace(from, to);
  };
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  for (const document of made.split('---\n')) cluster.apply(document).run('1s');
  const send = (base: string, text: string) => applyYaml(cluster.world, { kind, key: 'default/web', base, text });
  const base = yamlOf(cluster, kind);
  const text = changed(base, mine);
  expect(send(base, changed(base, theirs)).changed).toBe(true);
  const before = yamlOf(cluster, kind);
  const report = send(base, text);
  const now = yamlOf(cluster, kind);
  if ('overtaken' in expected) {
    expect(report.overtaken.map(({ field, line }) => `${(text.split('\n')[line - 1] ?? '').trim()} | ${field}`)).toEqual(
      expected.overtaken,
    );
    expect([report.changed, now]).toEqual([false, before]);
    return;
  }
  expect([report.faults, report.overtaken, report.undo]).toEqual([[], [], { base: now, text: before }]);
  for (const part of expected.holds) expect(now).toContain(part);
  // And back: theirs stays.
  expect(send(report.undo?.base ?? '', report.undo?.text ?? '')).toMatchObject({ faults: [], overtaken: [], changed: true });
  const numbers = / {2}(resourceVersion|generation): .*\n/g;
  expect(yamlOf(cluster, kind).replace(numbers, '')).toBe(before.replace(numbers, ''));
}

// Nobody runs its pods: nothing but the two changes happens.
const twoContainers = deployment
  .replace('replicas: 2,', 'replicas: 0, paused: true,')
  .replace('[{ name: app, image: nginx }]', '[{ name: app, image: nginx }, { name: log, image: busybox }]');

test('one edits a container, another adds one, changes another one, or takes one away: both is kept', () => {
  const mine: Change = ['image: nginx\n', 'image: nginx:1.27\n'];
  const at = { kind: 'Deployment.apps', made: twoContainers, mine };
  const added: Change = [/( +)- name: app\n/, '$1- name: cache\n$1  image: redis\n$&'];
  checkMeanwhile({ ...at, theirs: added, expected: { holds: ['image: nginx:1.27\n', 'image: redis\n', 'image: busybox\n'] } });
  checkMeanwhile({
    ...at,
    theirs: ['image: busybox\n', 'image: busybox:1.36\n'],
    expected: { holds: ['image: nginx:1.27\n', 'image: busybox:1.36\n'] },
  });
  checkMeanwhile({ ...at, theirs: [/ +- name: log\n(?: {10}.*\n)+/, ''], expected: { holds: ['image: nginx:1.27\n'] } });
});

test('one field to two values, or what one takes away and the other changes: told at its line, nothing is overwritten', () => {
  const at = { kind: 'Deployment.apps', made: twoContainers };
  checkMeanwhile({
    ...at,
    mine: ['image: busybox\n', 'image: busybox:1.36\n'],
    theirs: ['image: busybox\n', 'image: busybox:1.37\n'],
    expected: { overtaken: ['image: busybox:1.36 | spec.template.spec.containers[1].image'] },
  });
  checkMeanwhile({
    ...at,
    mine: [/ +- name: log\n(?: {10}.*\n)+/, ''],
    theirs: ['image: busybox\n', 'image: busybox:1.37\n'],
    expected: { overtaken: ['containers: | spec.template.spec.containers'] },
  });
});

test('items whose keys do not tell them apart are one value, as the lists of a custom resource are', () => {
  const dns =
    'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: default }\n' +
    'spec: { ports: [{ name: udp, port: 53, protocol: UDP }, { name: tcp, port: 53 }] }\n';
  const mine: Change = ['targetPort: 53\n', 'targetPort: 5353\n'];
  const ports = 'ports: | spec.ports';
  checkMeanwhile({ kind: 'Service', made: dns, mine, theirs: ['name: tcp', 'name: other'], expected: { overtaken: [ports] } });
  checkMeanwhile({
    kind: 'Service',
    made: dns,
    mine,
    theirs: ['sessionAffinity: None', 'sessionAffinity: ClientIP'],
    expected: { holds: ['targetPort: 5353\n', 'targetPort: 53\n', 'sessionAffinity: ClientIP'] },
  });
  const custom =
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: shops.example.com }\n' +
    'spec: { group: example.com, scope: Namespaced, names: { plural: shops, kind: Shop }, versions: [{ name: v1, served: true, storage: true, ' +
    'schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }] }\n---\n' +
    'apiVersion: example.com/v1\nkind: Shop\nmetadata: { name: web, namespace: default }\nspec: { size: 1, goods: [{ name: a }, { name: b }] }\n';
  const goods = { kind: 'Shop.example.com', made: custom, mine: ['- name: a\n', '- name: aa\n'] as const };
  checkMeanwhile({ ...goods, theirs: ['- name: b\n', '- name: bb\n'], expected: { overtaken: ['goods: | spec.goods'] } });
  checkMeanwhile({ ...goods, theirs: ['size: 1', 'size: 2'], expected: { holds: ['- name: aa\n', 'size: 2'] } });
});

test('another object of the same name is not changed in the place of the one that was edited', () => {
  const cluster = shop();
  const base = yamlOf(cluster, 'Service');
  const edit = { kind: 'Service', key: 'default/web', base, text: base.replace('port: 80', 'port: 81') };
  cluster.world.server.delete(cluster.kind('service'), 'default/web', {}, 'admin');
  cluster.apply(service);
  expect(checkYaml(cluster.world, edit)).toMatchObject({ overtaken: [{ field: 'metadata.uid' }], changed: false });
  cluster.world.server.delete(cluster.kind('service'), 'default/web', {}, 'admin');
  expect(checkYaml(cluster.world, edit)).toMatchObject({ faults: [{ message: 'services "web" not found' }], changed: false });
});

test('status is not a person’s to write, and owners of fields are not shown', () => {
  const cluster = shop();
  const base = yamlOf(cluster, 'Deployment.apps');
  const edit = { kind: 'Deployment.apps', key: 'default/web', base, text: base.replace('readyReplicas: 2', 'readyReplicas: 9') };
  expect(edit.text).not.toBe(base);
  expect(applyYaml(cluster.world, edit)).toMatchObject({ faults: [], changed: false });
  expect(yamlOf(cluster, 'Deployment.apps')).not.toContain('managedFields');
});

test('the fields of a kind: types that can be reached, values, who owns the object, and what only components write', () => {
  const cluster = shop();
  const table = fieldTable(cluster.world, 'Deployment.apps', 'default/web');
  expect(table.types[table.root]?.['spec']).toBe('apps.DeploymentSpec');
  expect(table.types['core.Container']?.['image']).toBe('string');
  expect(table.values['core.Container.imagePullPolicy']).toEqual(['Always', 'IfNotPresent', 'Never']);
  expect([table.managed, table.owner]).toEqual([false, null]);
  const [pod] = cluster.pods('web');
  const owned = fieldTable(cluster.world, 'Pod', `default/${pod?.metadata.name}`);
  expect(owned.owner?.kind).toBe('ReplicaSet.apps');
  expect(fieldTable(cluster.world, 'Event', '').managed).toBe(true);
  for (const [field, values] of Object.entries(owned.values)) {
    const dot = field.lastIndexOf('.');
    expect(owned.types[field.slice(0, dot)]?.[field.slice(dot + 1)]).toMatch(/string$/);
    expect(values.length).toBeGreaterThan(0);
  }
});
