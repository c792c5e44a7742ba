// Service: its type and all of its API rules. upstream: pkg/registry/core/service/strategy.go, printers.go printService
import type { Service as OpenApiService } from 'kubernetes-types/core/v1.d.ts';
import { dns1035Label } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, mapText, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { defaultService, keepAllocated } from './service-defaults.ts';
import { validateService, validateServiceUpdate } from './service-validation.ts';

export type Service = StoredInNamespace<OpenApiService, 'spec' | 'status'>;

export const serviceKind = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  validateName: dns1035Label,
  defaults: (service) => {
    const spec = defaultService(service.spec ?? {});
    return spec === service.spec ? service : { ...service, spec };
  },
  prepareForCreate: (service) => ({ ...service, status: { loadBalancer: {} } }),
  prepareForUpdate: (next, previous) => {
    const spec = keepAllocated(next.spec, previous.spec);
    return spec === next.spec ? next : { ...next, spec };
  },
  validate: validateService,
  validateUpdate: (next, previous) => validateServiceUpdate(next.spec, previous.spec),
  selectableFields: ({ spec }) => ({ 'spec.clusterIP': spec.clusterIP ?? '', 'spec.type': spec.type ?? '' }),
  columns: [
    nameColumn,
    { name: 'Type', type: 'string', value: ({ spec }) => spec.type ?? '' },
    { name: 'Cluster-IP', type: 'string', value: ({ spec }) => spec.clusterIPs?.[0] ?? noneIfEmpty(spec.clusterIP) },
    { name: 'External-IP', type: 'string', value: externalIp },
    { name: 'Port(s)', type: 'string', value: portsText },
    ageColumn,
    { name: 'Selector', type: 'string', priority: 1, value: ({ spec }) => mapText(spec.selector) },
  ],
});

function externalIp({ spec, status }: Service): string {
  const given = spec.externalIPs ?? [];
  if (spec.type === 'ClusterIP' || spec.type === 'NodePort') return noneIfEmpty(given.join(','));
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.type !== 'LoadBalancer') return '<unknown>';
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip = '', hostname = '' }) => ip || hostname).filter((text) => text !== '');
  const all = [...new Set(ingress)].sort().concat(given);
  return all.length === 0 ? '<pending>' : all.join(',');
}

function portsText({ spec }: Service): string {
  const text = (spec.ports ?? []).map(
    ({ port, nodePort = 0, protocol }) => `${port}${nodePort > 0 ? `:${nodePort}` : ''}/${protocol ?? ''}`,
  );
  return noneIfEmpty(text.join(','));
}

function noneIfEmpty(text: string | undefined): string {
  return text === undefined || text === '' ? '<none>' : text;
}
