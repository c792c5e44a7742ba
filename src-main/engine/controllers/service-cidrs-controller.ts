// Says of each block of Service addresses that it may be used, and lets none go whose addresses are in use and in no other block.
// upstream: pkg/controller/servicecidrs/servicecidrs_controller.go

import { parseTimestamp } from '../base/timestamp.ts';
import { type AnyController, defineController } from '../client/component.ts';
import { cidrContains, isNetwork, prefixLength } from '../kinds/core/cidr.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from '../kinds/core/volume-annotations.ts';
import { ipAddressKind } from '../kinds/networking/ip-address.ts';
import { type ServiceCIDR, serviceCidrKind } from '../kinds/networking/service-cidr.ts';
import { type Condition, setStatusCondition } from '../meta/conditions.ts';

type Conditions = NonNullable<ServiceCIDR['status']['conditions']>;

const FINALIZER = 'networking.k8s.io/service-cidr-finalizer';
/** Until every API server has heard that the block is going. upstream: deletionGracePeriod */
const GRACE_MS = 10_000;
const READY = { status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' };
const IN_USE = {
  status: 'False',
  reason: 'Terminating',
  message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
};

export const serviceCidrsController: AnyController = defineController({
  name: 'service-cidrs-controller',
  workers: 5,
  initialState: () => ({}),
  start: ({ cache, client, queue, restored, time }) => {
    const blocks = cache(serviceCidrKind);
    const addresses = cache(ipAddressKind);
    blocks.onChange((next, previous) => {
      if (next !== undefined) queue.add(next.metadata.name);
      // Another block may hold what keeps one from going.
      if (next === undefined || previous === undefined) for (const block of goingBlocks()) queue.add(block.metadata.name);
    });
    addresses.onChange((next) => {
      if (next === undefined) for (const block of goingBlocks()) queue.add(block.metadata.name);
    });
    if (!restored) for (const block of blocks.values()) queue.add(block.metadata.name);

    const goingBlocks = (): readonly ServiceCIDR[] =>
      [...blocks.values()].filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const others = (name: string): readonly string[] =>
      [...blocks.values()].flatMap(({ metadata, spec }) => (metadata.name === name ? [] : (spec.cidrs ?? [])));
    const say = (name: string, said: typeof READY): void =>
      void client.patchStatus(serviceCidrKind, name, (current) => {
        const before: readonly Condition[] = current.status?.conditions ?? [];
        const conditions = setStatusCondition(before, { type: 'Ready', ...said }, time.timestamp());
        return conditions === before ? current : { ...current, status: { conditions: conditions as Conditions } };
      });
    /** upstream: canDeleteCIDR */
    const isFree = ({ metadata: { name }, spec: { cidrs = [] } }: ServiceCIDR): boolean => {
      const rest = others(name);
      if (cidrs.every((cidr) => rest.some((other) => holds(other, cidr)))) return true;
      for (const { metadata } of addresses.values()) {
        const address = metadata.name;
        if (metadata.labels?.['ipaddress.kubernetes.io/managed-by'] !== 'ipallocator.k8s.io') continue;
        if (cidrs.some((cidr) => cidrContains(cidr, address)) && !rest.some((other) => cidrContains(other, address))) return false;
      }
      return true;
    };
    const letGo = (block: ServiceCIDR): void => {
      const { name, deletionTimestamp = '' } = block.metadata;
      const leftMs = (parseTimestamp(deletionTimestamp) ?? 0) + GRACE_MS - time.unixMs;
      if (!isFree(block)) say(name, IN_USE);
      else if (leftMs > 0) queue.addAfter(name, leftMs);
      else if (hasFinalizer(block, FINALIZER)) client.patch(serviceCidrKind, name, (current) => withoutFinalizer(current, FINALIZER));
    };
    return {
      reconcile: (name) => {
        const block = blocks.get(name);
        if (block === undefined) return;
        if (block.metadata.deletionTimestamp !== undefined) return letGo(block);
        if (!hasFinalizer(block, FINALIZER)) client.patch(serviceCidrKind, name, (current) => withFinalizer(current, FINALIZER));
        say(name, READY);
      },
    };
  },
});

/** Is the one block a part of the other? */
function holds(other: string, cidr: string): boolean {
  return isNetwork(cidr) && prefixLength(other) <= prefixLength(cidr) && cidrContains(other, cidr.slice(0, cidr.indexOf('/')));
}
