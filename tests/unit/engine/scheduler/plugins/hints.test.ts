// What may bring back a pod that spreading or inter-pod affinity rejected: only what can change their answer.
import { expect, test } from 'vitest';
import type { Node } from '../../../../../src-main/engine/kinds/core/node.ts';
import type { Pod } from '../../../../../src-main/engine/kinds/core/pod.ts';
import type { ClusterEvent } from '../../../../../src-main/engine/scheduler/cluster-event.ts';
import { interPodAffinity } from '../../../../../src-main/engine/scheduler/plugins/inter-pod-affinity.ts';
import { nodeResourcesFit } from '../../../../../src-main/engine/scheduler/plugins/node-resources-fit.ts';
import { podTopologySpread } from '../../../../../src-main/engine/scheduler/plugins/pod-topology-spread.ts';
import { viewWith } from '../cluster-view-with.ts';

const ROOM = 'example.com/room';
const web = { matchLabels: { app: 'web' } };

const node = (labels: Readonly<Record<string, string>>, spec: object = {}): Node =>
  ({ metadata: { name: 'node', labels }, spec, status: {} }) as unknown as Node;
const pod = (labels: Readonly<Record<string, string>>, spec: object = {}, namespace = 'default'): Pod =>
  ({ metadata: { name: 'pod', namespace, labels }, spec: { containers: [], ...spec }, status: {} }) as unknown as Pod;
const happened = (resource: string, previous: unknown, next: unknown): ClusterEvent => ({ resource, previous, next }) as ClusterEvent;

const rule = { maxSkew: 1, topologyKey: ROOM, whenUnsatisfiable: 'DoNotSchedule', labelSelector: web };
const spreading = pod({ app: 'web' }, { topologySpreadConstraints: [rule] });
const minding = pod({ app: 'web' }, { topologySpreadConstraints: [{ ...rule, nodeTaintsPolicy: 'Honor' }] });
const term = { topologyKey: ROOM, labelSelector: web };
const near = pod({}, { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
const far = pod({}, { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
const plugins = { spread: podTopologySpread, affinity: interPodAffinity, fit: nodeResourcesFit };

function check(plugin: keyof typeof plugins, waiting: Pod, event: ClusterEvent, helps: boolean): void {
  expect(plugins[plugin].mayHelp?.(waiting, event, viewWith({}))).toBe(helps);
}

test('spreading: nodes that count come, go, move or change their taints', () => {
  const [a, b, bare] = [node({ [ROOM]: 'a' }), node({ [ROOM]: 'b' }), node({ disk: 'ssd' })];
  check('spread', spreading, happened('Node', undefined, a), true);
  check('spread', spreading, happened('Node', a, undefined), true);
  check('spread', spreading, happened('Node', undefined, bare), false);
  check('spread', spreading, happened('Node', bare, undefined), false);
  check('spread', spreading, happened('Node', a, b), true);
  check('spread', spreading, happened('Node', a, bare), true);
  check('spread', spreading, happened('Node', bare, node({ disk: 'hdd' })), false);
  check('spread', spreading, happened('Node', a, node({ [ROOM]: 'a', disk: 'ssd' })), false);
  check('spread', spreading, happened('Node', a, node({ [ROOM]: 'a' }, { taints: [{ key: 'slow', effect: 'NoSchedule' }] })), true);
});

test('spreading: pods that count come or go, or begin or cease to count', () => {
  const [counts, other] = [pod({ app: 'web' }), pod({ app: 'other' })];
  check('spread', spreading, happened('AssignedPod', undefined, counts), true);
  check('spread', spreading, happened('AssignedPod', counts, undefined), true);
  check('spread', spreading, happened('AssignedPod', undefined, other), false);
  check('spread', spreading, happened('AssignedPod', counts, other), true);
  check('spread', spreading, happened('AssignedPod', counts, pod({ app: 'web', track: 'new' })), false);
  check('spread', spreading, happened('AssignedPod', undefined, pod({ app: 'web' }, {}, 'elsewhere')), false);
});

test('spreading: the pod itself gets other labels, or a toleration where taints count', () => {
  const tolerant = pod({ app: 'web' }, { ...minding.spec, tolerations: [{ key: 'slow', operator: 'Exists' }] });
  check('spread', spreading, happened('UnscheduledPod', spreading, pod({ app: 'other' }, spreading.spec)), true);
  check('spread', spreading, happened('UnscheduledPod', spreading, pod({ app: 'web', track: 'new' }, spreading.spec)), false);
  check('spread', minding, happened('UnscheduledPod', minding, tolerant), true);
  check('spread', spreading, happened('UnscheduledPod', spreading, tolerant), false);
});

test('affinity: a node comes to a domain, or leaves one', () => {
  const [a, b, bare] = [node({ [ROOM]: 'a' }), node({ [ROOM]: 'b' }), node({})];
  check('affinity', near, happened('Node', undefined, a), true);
  check('affinity', near, happened('Node', undefined, bare), false);
  check('affinity', near, happened('Node', bare, a), true);
  check('affinity', near, happened('Node', a, bare), false);
  check('affinity', near, happened('Node', a, b), true);
  check('affinity', near, happened('Node', a, node({ [ROOM]: 'a', disk: 'ssd' })), false);
  check('affinity', far, happened('Node', undefined, bare), true);
  check('affinity', far, happened('Node', bare, a), false);
  check('affinity', far, happened('Node', a, bare), true);
  check('affinity', far, happened('Node', a, undefined), false);
});

test('affinity: a wanted pod comes, an unwanted one goes, or a pod becomes one or the other', () => {
  const [fits, other] = [pod({ app: 'web' }), pod({ app: 'other' })];
  const repelling = pod({}, far.spec);
  check('affinity', near, happened('AssignedPod', undefined, fits), true);
  check('affinity', near, happened('AssignedPod', fits, undefined), false);
  check('affinity', near, happened('AssignedPod', other, fits), true);
  check('affinity', near, happened('AssignedPod', fits, pod({ app: 'web', track: 'new' })), false);
  check('affinity', far, happened('AssignedPod', fits, undefined), true);
  check('affinity', far, happened('AssignedPod', fits, other), true);
  check('affinity', far, happened('AssignedPod', undefined, fits), false);
  check('affinity', fits, happened('AssignedPod', repelling, undefined), true);
  check('affinity', other, happened('AssignedPod', repelling, undefined), false);
});

test('resources: a placed pod goes, or holds less of what is wanted', () => {
  const asking = (cpu: string, memory: string): Pod => pod({}, { containers: [{ name: 'app', resources: { requests: { cpu, memory } } }] });
  const wanting = pod({}, { containers: [{ name: 'app', resources: { requests: { cpu: '1' } } }] });
  check('fit', wanting, happened('AssignedPod', asking('2', '1Gi'), undefined), true);
  check('fit', wanting, happened('AssignedPod', undefined, asking('2', '1Gi')), false);
  check('fit', wanting, happened('AssignedPod', asking('2', '1Gi'), asking('1', '1Gi')), true);
  check('fit', wanting, happened('AssignedPod', asking('2', '1Gi'), asking('2', '512Mi')), false);
  check('fit', wanting, happened('AssignedPod', asking('1', '1Gi'), asking('2', '1Gi')), false);
});
