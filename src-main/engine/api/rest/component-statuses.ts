// componentstatuses: how the parts of the control plane answer their health checks, asked when somebody asks; nothing of it is stored.
// upstream: pkg/registry/core/componentstatus/rest.go, pkg/registry/core/rest/storage_core.go componentStatusStorage, pkg/printers/internalversion/printers.go printComponentStatus
import { nameColumn } from '../../kinds/columns.ts';
import { defineKind } from '../../kinds/define-kind.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { ApiObject, ObjectMeta } from '../../meta/object.ts';
import { notFound } from '../../meta/status-error.ts';
import { negotiate } from './negotiate.ts';
import type { VirtualKind } from './resource-catalogue.ts';
import { methodNotAllowed, parameter, type RestAnswer, type RestRequest } from './rest-request.ts';
import type { ResourceRoute } from './route.ts';
import { includeObject, tableOf } from './table.ts';

interface ComponentStatus extends ApiObject {
  readonly conditions: readonly { readonly type: 'Healthy'; readonly status: 'True' | 'False'; readonly message: string }[];
}

const DEPRECATED = 'v1 ComponentStatus is deprecated in v1.19+';

const rules = defineKind<ComponentStatus>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  shortNames: ['cs'],
  namespaced: false,
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', value: ({ conditions }) => (conditions[0]?.status === 'True' ? 'Healthy' : 'Unhealthy') },
    { name: 'Message', type: 'string', value: ({ conditions }) => conditions[0]?.message ?? '' },
    { name: 'Error', type: 'string', value: () => '' },
  ],
});

/** For discovery. */
export const componentStatusKind: VirtualKind = {
  ...{ group: '', version: 'v1', kind: rules.kind, plural: rules.plural, namespaced: false },
  shortNames: ['cs'],
  verbs: ['get', 'list'],
};

/** Whom the API server asks, and at which port. etcd is part of whoever can answer. */
const COMPONENTS = [
  { name: 'scheduler', process: 'kube-scheduler', port: 10259 },
  { name: 'controller-manager', process: 'kube-controller-manager', port: 10257 },
  { name: 'etcd-0', process: undefined, port: 2379 },
] as const;

/** undefined: something else is asked for. `runs`: is there a process of the control plane by that name? */
export function answerComponentStatuses(
  route: ResourceRoute,
  request: RestRequest,
  { runs, unixMs }: { readonly runs: (process: string) => boolean; readonly unixMs: number },
): RestAnswer | undefined {
  if (route.group !== '' || route.version !== 'v1' || route.plural !== rules.plural || route.subresource !== '') return undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  const all = COMPONENTS.map(({ name, process, port }) => statusOf(name, port, process === undefined || runs(process)));
  const objects = route.name === '' ? all : all.filter(({ metadata }) => metadata.name === route.name);
  if (objects.length === 0) throw notFound({ group: '', resource: rules.kind }, route.name);
  const { form, contentType } = negotiate(request.accept, ['table']);
  const asked = { nowMs: unixMs, include: includeObject(parameter(request, 'includeObject')) };
  const list = { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items: all };
  const whole = route.name === '' ? list : objects[0];
  const body = form === 'table' ? tableOf(rules as unknown as Kind, objects, { resourceVersion: '' }, asked) : whole;
  return { code: 200, contentType, body, warnings: [DEPRECATED] };
}

/** upstream: pkg/probe/http DoHTTPProbe: what does not answer is a failure in the words of Go's client */
function statusOf(name: string, port: number, isHealthy: boolean): ComponentStatus {
  const refused = `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
  const metadata = { name, creationTimestamp: null } as unknown as ObjectMeta;
  const condition = { type: 'Healthy', status: isHealthy ? 'True' : 'False', message: isHealthy ? 'ok' : refused } as const;
  return { kind: 'ComponentStatus', apiVersion: 'v1', metadata, conditions: [condition] };
}
