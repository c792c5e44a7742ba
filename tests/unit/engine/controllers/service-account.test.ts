import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { rootCaPublisher, serviceAccountController } from '../../../../src-main/engine/controllers/service-account.ts';
import { configMapKind } from '../../../../src-main/engine/kinds/core/config-map.ts';
import { namespaceKind } from '../../../../src-main/engine/kinds/core/namespace.ts';
import { serviceAccountKind } from '../../../../src-main/engine/kinds/core/service-account.ts';
import { ControllerWorld } from './controller-world.ts';

const ROOT_CA = 'kube-root-ca.crt';

test('every namespace has its service account and the CA, again when they are deleted', () => {
  const world = new ControllerWorld({ controllers: [serviceAccountController, rootCaPublisher] });
  world.create(namespaceKind, { metadata: { name: 'shop' }, spec: {} });
  world.run(5);
  world.delete(configMapKind, `shop/${ROOT_CA}`);
  world.delete(serviceAccountKind, 'shop/default');
  world.run(5);
  const keys = (objects: readonly { metadata: { namespace?: string; name: string } }[]): readonly string[] =>
    objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();
  const namespaces = ['default', 'kube-node-lease', 'shop'];
  expect(keys(world.list(configMapKind))).toEqual(namespaces.map((name) => `${name}/${ROOT_CA}`));
  expect(keys(world.list(serviceAccountKind))).toEqual(namespaces.map((name) => `${name}/default`));
});

test('the CA is a real certificate that says it is the lab’s, valid whenever a scenario plays', () => {
  const world = new ControllerWorld({ controllers: [rootCaPublisher] }).run(5);
  const certificate = new X509Certificate(world.get(configMapKind, `default/${ROOT_CA}`).data?.['ca.crt'] ?? '');
  expect({ ca: certificate.ca, subject: certificate.subject, signs: certificate.verify(certificate.publicKey) }).toEqual({
    ca: true,
    subject: 'CN=kubernetes\nO=Orrery lab\\, not for real clusters',
    signs: true,
  });
  expect([Date.parse(certificate.validFrom) <= world.timeline.epochMs, Date.parse(certificate.validTo) > Date.UTC(2100, 0, 1)]).toEqual([
    true,
    true,
  ]);
});
