// What is kept by changes must come to the same slices and addresses as looking at all pods anew, whatever was changed in between.
import { expect, test } from 'vitest';
import { inOneGo } from '../../../../../src-main/engine/base/in-one-go.ts';
import { Random } from '../../../../../src-main/engine/base/random.ts';
import { type IdentityOrder, planSlices } from '../../../../../src-main/engine/controllers/endpoint-slice/slice-plan.ts';
import { SubsetAddresses } from '../../../../../src-main/engine/controllers/endpoint-slice/subset-addresses.ts';
import { identityOf, WantedEndpoints } from '../../../../../src-main/engine/controllers/endpoint-slice/wanted-endpoints.ts';
import type { EndpointSlice } from '../../../../../src-main/engine/kinds/discovery/endpoint-slice.ts';

const STEPS = 300;
const PODS = 250;
const labels = { 'kubernetes.io/service-name': 'web' };

interface PodLook {
  readonly name: string;
  readonly ready: boolean;
  readonly port: number;
}

const endpointOf = ({ name, ready, port }: PodLook) => ({
  endpoint: { addresses: [`10.0.0.${name}`], conditions: { ready }, targetRef: { kind: 'Pod', name, uid: `uid-${name}` } },
  ports: [{ name: 'http', port, protocol: 'TCP' }],
});
const addressOf = ({ name, ready, port }: PodLook) => ({
  address: { ip: `10.0.0.${Number(name) % 40}`, targetRef: { name, uid: `uid-${name}` } },
  ready,
  ports: [{ name: 'http', port, protocol: 'TCP' as const }],
});

function fresh(pods: ReadonlyMap<string, PodLook>): { readonly wanted: WantedEndpoints; readonly addresses: SubsetAddresses } {
  const wanted = new WantedEndpoints();
  const addresses = new SubsetAddresses();
  for (const [key, pod] of pods) {
    wanted.set(key, endpointOf(pod));
    addresses.set(key, addressOf(pod));
  }
  return { wanted, addresses };
}

function check(seed: number): void {
  const random = Random.seeded(seed);
  const upTo = (max: number): number => Math.floor(random.between(0, max));
  const pods = new Map<string, PodLook>();
  const kept = fresh(pods);
  const slices = new Map<string, EndpointSlice>();
  const order: IdentityOrder = function* (_group, identities) {
    yield;
    const places = new Map([...pods.values()].map((pod, place) => [identityOf(endpointOf(pod).endpoint), place]));
    return identities.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  };
  let made = 0;
  const sliceOf = (uid: string, content: object) =>
    ({ metadata: { name: uid, uid, labels }, addressType: 'IPv4', ...content }) as unknown as EndpointSlice;
  const plan = (wanted: WantedEndpoints) =>
    inOneGo(
      planSlices(
        [...slices.values()],
        [...slices.values()],
        wanted.groups(() => pods.keys()),
        { labels, hintsApart: false },
        order,
      ),
    );
  for (let step = 0; step < STEPS; step += 1) {
    for (let change = upTo(12); change >= 0; change -= 1) {
      const name = String(upTo(PODS));
      if (upTo(4) === 0) pods.delete(name);
      else pods.set(name, { name, ready: upTo(2) === 0, port: upTo(30) === 0 ? 81 : 80 });
      const pod = pods.get(name);
      kept.wanted.set(name, pod === undefined ? undefined : endpointOf(pod));
      kept.addresses.set(name, pod === undefined ? undefined : addressOf(pod));
    }
    const anew = fresh(pods);
    const wished = plan(kept.wanted);
    expect(wished).toEqual(plan(anew.wanted));
    expect(kept.addresses.subsets()).toEqual(anew.addresses.subsets());
    // Not every write comes to pass, and now and then somebody else changes a slice.
    for (const slice of wished.remove) slices.delete(slice.metadata.uid);
    for (const [{ metadata }, content] of wished.update) if (upTo(5) > 0) slices.set(metadata.uid, sliceOf(metadata.uid, content));
    for (const content of wished.create) {
      made += 1;
      slices.set(`slice-${made}`, sliceOf(`slice-${made}`, content));
    }
    const [one, other] = [...slices.values()];
    if (one !== undefined && other !== undefined && upTo(10) === 0)
      slices.set(one.metadata.uid, { ...one, endpoints: [...one.endpoints.slice(3), ...other.endpoints.slice(0, 4)] });
  }
}

test('kept by changes as looked at anew', () => {
  for (const seed of [1, 2, 3]) check(seed);
});
