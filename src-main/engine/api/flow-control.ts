// The flow schemas and priority levels that every cluster has. They have no effect here: the lab's API server is never short of time.
// upstream: apiserver pkg/apis/flowcontrol/bootstrap/default.go, pkg/util/flowcontrol/apf_controller.go (release 1.33)
import { formatTimestamp } from '../base/timestamp.ts';
import {
  type FlowSchema,
  flowSchemaKind,
  type PriorityLevelConfiguration,
  priorityLevelConfigurationKind,
} from '../kinds/flowcontrol/flow-schema.ts';
import type { ApiServer } from './server.ts';

const PRODUCER = 'system:api-priority-and-fairness-config-producer-v1';
const CONSUMER = 'system:api-priority-and-fairness-config-consumer-v1';
const ANNOTATIONS = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

/** Name, shares, how much of them may be lent, and the queues: how many, of how many a flow has, and how long each. */
const LEVELS: readonly (readonly [name: string, shares: number, lent: number, queues?: readonly [number, number, number]])[] = [
  ['catch-all', 5, 0],
  ['system', 30, 33, [64, 6, 50]],
  ['node-high', 40, 25, [64, 6, 50]],
  ['leader-election', 10, 0, [16, 4, 50]],
  ['workload-high', 40, 50, [128, 6, 50]],
  ['workload-low', 100, 90, [128, 6, 50]],
  ['global-default', 20, 50, [128, 6, 50]],
];

const EVERYBODY = 'system:unauthenticated system:authenticated';
const LEADING = 'get create update';

/**
 * Name, level, precedence and distinguisher; whom it is for: groups, @users and =accounts of kube-system; which requests: all of them,
 * paths, or verbs, groups and resources (`+`: also of no namespace).
 */
const SCHEMAS = `
exempt | exempt | 1 | | system:masters | *
catch-all | catch-all | 10000 | ByUser | ${EVERYBODY} | *
system-nodes | system | 500 | ByUser | system:nodes | *
system-node-high | node-high | 400 | ByUser | system:nodes | + * core nodes,nodes/status; * coordination.k8s.io leases
probes | exempt | 2 | | ${EVERYBODY} | /healthz,/readyz,/livez
system-leader-election | leader-election | 100 | ByUser | @system:kube-controller-manager @system:kube-scheduler =* | ${LEADING} coordination.k8s.io leases
workload-leader-election | leader-election | 200 | ByUser | =* | ${LEADING} core endpoints,configmaps; ${LEADING} coordination.k8s.io leases
endpoint-controller | workload-high | 150 | ByUser | @system:kube-controller-manager =endpoint-controller =endpointslicemirroring-controller | ${LEADING} core endpoints
kube-controller-manager | workload-high | 800 | ByNamespace | @system:kube-controller-manager | *
kube-scheduler | workload-high | 800 | ByNamespace | @system:kube-scheduler | *
kube-system-service-accounts | workload-high | 900 | ByNamespace | =* | *
service-accounts | workload-low | 9000 | ByUser | system:serviceaccounts | *
global-default | global-default | 9900 | ByUser | ${EVERYBODY} | *
`;

type FlowSpec = FlowSchema['spec'];
type Rules = NonNullable<FlowSpec['rules']>[number];
type LevelSpec = PriorityLevelConfiguration['spec'];

/** Whatever of them is missing; upstream looks every minute. */
export function createFlowControl(server: ApiServer): void {
  createLevel(server, 'exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } });
  for (const [name, nominalConcurrencyShares, lendablePercent, queues] of LEVELS) {
    const limitResponse = queues === undefined ? { type: 'Reject' } : { type: 'Queue', queuing: queuing(queues) };
    createLevel(server, name, { type: 'Limited', limited: { lendablePercent, limitResponse, nominalConcurrencyShares } });
  }
  for (const line of SCHEMAS.trim().split('\n'))
    createSchema(
      server,
      line.split('|').map((part) => part.trim()),
    );
}

/** Is it one of those that every cluster has? */
export function isOfFlowControl(name: string): boolean {
  return name === 'exempt' || LEVELS.some(([known]) => known === name) || SCHEMAS.includes(`\n${name} |`);
}

function createLevel(server: ApiServer, name: string, spec: LevelSpec): void {
  if (server.find(priorityLevelConfigurationKind, name) !== undefined) return;
  server.create(priorityLevelConfigurationKind, { metadata: { name, annotations: ANNOTATIONS }, spec }, PRODUCER);
}

function queuing([queues, handSize, queueLengthLimit]: readonly [number, number, number]): object {
  return { handSize, queueLengthLimit, queues };
}

function createSchema(
  server: ApiServer,
  [name = '', level = '', precedence, method, subjects = '', requests = '']: readonly string[],
): void {
  if (server.find(flowSchemaKind, name) !== undefined) return;
  const spec: FlowSpec = {
    ...(method !== '' && { distinguisherMethod: { type: method as string } }),
    matchingPrecedence: Number(precedence),
    priorityLevelConfiguration: { name: level },
    rules: [{ ...rulesOf(requests), subjects: subjects.split(' ').map(subjectOf) }],
  };
  server.create(flowSchemaKind, { metadata: { name, annotations: ANNOTATIONS }, spec }, PRODUCER);
  const found = {
    type: 'Dangling',
    status: 'False',
    reason: 'Found',
    message: `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`,
    lastTransitionTime: formatTimestamp(server.unixMs),
  };
  server.patch(flowSchemaKind, name, (current) => ({ ...current, status: { conditions: [found] } }), CONSUMER, 'status');
}

function subjectOf(text: string): Rules['subjects'][number] {
  if (text.startsWith('@')) return { kind: 'User', user: { name: text.slice(1) } };
  if (text.startsWith('=')) return { kind: 'ServiceAccount', serviceAccount: { name: text.slice(1), namespace: 'kube-system' } };
  return { group: { name: text }, kind: 'Group' };
}

function rulesOf(requests: string): Omit<Rules, 'subjects'> {
  if (requests === '*') {
    const all = { apiGroups: ['*'], clusterScope: true, namespaces: ['*'], resources: ['*'], verbs: ['*'] };
    return { nonResourceRules: [{ nonResourceURLs: ['*'], verbs: ['*'] }], resourceRules: [all] };
  }
  if (requests.startsWith('/')) return { nonResourceRules: [{ nonResourceURLs: requests.split(','), verbs: ['get'] }] };
  return { resourceRules: requests.split('; ').map(resourceRule) };
}

function resourceRule(text: string): NonNullable<Rules['resourceRules']>[number] {
  const isWide = text.startsWith('+ ');
  const words = (isWide ? text.slice(2) : text).split(' ');
  const [group = '', resources = ''] = words.slice(-2);
  return {
    apiGroups: [group === 'core' ? '' : group],
    ...(isWide && { clusterScope: true }),
    namespaces: ['*'],
    resources: resources.split(','),
    verbs: words.slice(0, -2),
  };
}
