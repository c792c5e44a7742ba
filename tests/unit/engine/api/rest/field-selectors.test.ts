// Which fields each kind can be selected by, and in which words others are refused.
import { expect, test } from 'vitest';
import { RestWorld } from './rest-world.ts';

const EVENTS = '/apis/events.k8s.io/v1/namespaces/default/events';

function check(line: string, expected: string | readonly string[]): void {
  const world = new RestWorld();
  const event = (name: string, about: string, type: string): void =>
    void world.ask('POST /api/v1/namespaces/default/events', {
      metadata: { name },
      ...{ involvedObject: { kind: 'Pod', name: about, namespace: 'default' }, reason: 'Pulled', type, reportingComponent: 'kubelet' },
    });
  event('one', 'web', 'Normal');
  event('two', 'db', 'Warning');
  const { code, body } = world.ask(`GET ${line}`) as { code: number; body: any };
  expect(code === 200 ? body.items.map(({ metadata }: any) => metadata.name) : body.message).toEqual(expected);
}

test('events by the newer names', () => {
  check(`${EVENTS}?fieldSelector=regarding.name%3Dweb`, ['one']);
  check(`${EVENTS}?fieldSelector=regarding.kind%3DPod,type!%3DNormal`, ['two']);
  check(`${EVENTS}?fieldSelector=reportingController%3Dkubelet,reason%3DPulled`, ['one', 'two']);
  check(`${EVENTS}?fieldSelector=metadata.name%3Dtwo`, ['two']);
});
test('each version by its own names only', () => {
  check(`${EVENTS}?fieldSelector=involvedObject.name%3Dweb`, 'field label not supported: involvedObject.name');
  check('/api/v1/namespaces/default/events?fieldSelector=regarding.name%3Dweb', 'field label not supported: regarding.name');
});
test('requests for certificates by who signs them', () =>
  check('/apis/certificates.k8s.io/v1/certificatesigningrequests?fieldSelector=spec.signerName%3Da', []));
test('kinds without fields of their own', () =>
  check('/apis/apps/v1/deployments?fieldSelector=spec.replicas%3D1', 'field label not supported: spec.replicas'));
