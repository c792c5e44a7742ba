// Which Service a name means that a process calls: its short name, the long ones of the cluster's DNS, or its address.
import type { Cache } from '../client/component.ts';
import type { Service } from '../kinds/core/service.ts';
import { keyOf } from '../meta/object.ts';

/** The Service's key; null: there is none. `namespace`: of the pod that calls. */
export function serviceOfName(services: Pick<Cache<Service>, 'get' | 'values'>, host: string, namespace: string): string | null {
  const [name = '', space = namespace, kind = 'svc', ...domain] = host.split('.');
  const isOfCluster = domain.length === 0 || domain.join('.') === 'cluster.local';
  const key = `${space}/${name}`;
  if (kind === 'svc' && isOfCluster && services.get(key) !== undefined) return key;
  if (!/^[\d.]+$/.test(host)) return null;
  for (const service of services.values()) if (service.spec.clusterIP === host) return keyOf(service);
  return null;
}
