// Each address that a Service has is an object of its own, so that nobody gets it twice: made before the Service is stored, removed after it is gone.
// upstream: pkg/registry/core/service/ipallocator/ipallocator.go createIPAddress, Release; controller/repairip.go newIPAddress
import { isIpv6 } from '../kinds/core/ip-address.ts';
import { type Service, serviceKind } from '../kinds/core/service.ts';
import { ipAddressKind } from '../kinds/networking/ip-address.ts';
import type { ApiObject } from '../meta/object.ts';
import { StatusError } from '../meta/status-error.ts';
import type { ApiServer } from './server.ts';

const USER = 'system:apiserver';
/** Their uids are drawn apart, so that they change no name that is drawn later. */
const CHANCE = 'ip-addresses';
const NONE: readonly string[] = [];

/** What the version has that `previous` had not. */
export function takeAddresses(server: ApiServer, object: ApiObject, previous: ApiObject | null): void {
  const known = addressesOf(previous);
  for (const address of addressesOf(object)) if (!known.includes(address)) createAddress(server, address, object as Service);
}

/** What `previous` had and the version has not; null: it is gone. */
export function releaseAddresses(server: ApiServer, object: ApiObject | null, previous: ApiObject): void {
  const kept = addressesOf(object);
  for (const address of addressesOf(previous)) if (!kept.includes(address)) deleteAddress(server, address);
}

/** The Service has it, and nobody knows of that. */
export function createAddress(server: ApiServer, address: string, { metadata: { namespace, name } }: Service): void {
  const labels = { 'ipaddress.kubernetes.io/ip-family': isIpv6(address) ? 'IPv6' : 'IPv4', 'ipaddress.kubernetes.io/managed-by': MANAGER };
  const spec = { parentRef: { resource: 'services', namespace, name } };
  server.asItself(CHANCE, () => void server.create(ipAddressKind, { metadata: { name: address, labels }, spec }, USER));
}

const MANAGER = 'ipallocator.k8s.io';

function deleteAddress(server: ApiServer, address: string): void {
  if (server.find(ipAddressKind, address) === undefined) return;
  try {
    server.asItself(CHANCE, () => void server.delete(ipAddressKind, address, {}, USER));
  } catch (error) {
    // Upstream lets the Service go even so.
    if (!(error instanceof StatusError)) throw error;
  }
}

/** None of anything that is no Service, and of one without an address. upstream: pkg/apis/core/v1/helper IsServiceIPSet */
export function addressesOf(object: ApiObject | null): readonly string[] {
  if (object === null || object.kind !== serviceKind.kind || object.apiVersion !== serviceKind.version) return NONE;
  const { type, clusterIPs = NONE } = (object as Service).spec;
  return type === 'ExternalName' ? NONE : clusterIPs.filter((address) => address !== '' && address !== 'None');
}
