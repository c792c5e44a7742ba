// Requests for certificates: in whose name they are, who may say yes, and what cannot be taken back.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const CSRS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const PEM = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';
const request = (spec: object = {}) => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'jane' },
  spec: { request: btoa(PEM), signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'], username: 'forged', ...spec },
  status: { conditions: [{ type: 'Approved', status: 'True' }] },
});
const decided = (...types: readonly string[]) => ({
  ...request(),
  status: { conditions: types.map((type) => ({ type, status: 'True' })) },
});

test('is made in the name of who makes it, and decided by nobody', () => {
  const world = new RestWorld();
  const made = world.body(`POST ${CSRS}`, request());
  expect({ spec: made['spec'], status: made['status'] }).toMatchObject({ spec: { username: 'admin' }, status: {} });
  expect(made['status']).toEqual({});
});

test.each<[string, object, string]>([
  [
    'no request',
    { request: btoa('abc') },
    'spec.request: Invalid value: []byte{0x61, 0x62, 0x63}: PEM block type must be CERTIFICATE REQUEST',
  ],
  ['an old form', { request: btoa(PEM.replaceAll('CERT', 'NEW CERT')) }, 'PEM block type must be CERTIFICATE REQUEST'],
  ['no usages', { usages: [] }, 'spec.usages: Required value'],
  ['an unknown usage', { usages: ['flying'] }, 'spec.usages[0]: Unsupported value: "flying"'],
  ['too short a time', { expirationSeconds: 60 }, 'may not specify a duration less than 600 seconds (10 minutes)'],
])('%s', (_, spec, expected) => expect(new RestWorld().outcome(`POST ${CSRS}`, request(spec))).toContain(expected));

test('a decision stays', () => {
  const world = new RestWorld();
  world.body(`POST ${CSRS}`, request());
  const approved = world.body(`PUT ${CSRS}/jane/approval`, decided('Approved'));
  expect(approved['status']).toMatchObject({ conditions: [{ type: 'Approved', status: 'True', lastUpdateTime: expect.any(String) }] });
  expect(world.outcome(`PUT ${CSRS}/jane/approval`, decided())).toContain('updates may not remove a condition of type "Approved"');
  expect(world.outcome(`PUT ${CSRS}/jane/approval`, decided('Approved', 'Denied'))).toContain(
    'Approved and Denied conditions are mutually exclusive',
  );
});

test('who writes the status does not decide, and a certificate stays', () => {
  const world = new RestWorld();
  world.body(`POST ${CSRS}`, request());
  const refused = (status: JsonObject): string =>
    world.outcome(`PUT ${CSRS}/jane/status`, { ...request(), status } as unknown as JsonObject);
  const pem = (type: string): string => btoa(`-----BEGIN ${type}-----\nAAAA\n-----END ${type}-----\n`);
  expect(refused(decided('Denied').status)).toContain('status.conditions: Forbidden: updates may not add a condition of type "Denied"');
  expect(refused({ conditions: [{ type: 'x', status: '' }] })).toContain('status.conditions[0].status: Required value');
  expect(refused({ certificate: btoa('x') })).toContain(
    'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
  );
  expect(refused({ certificate: pem('KEY') })).toContain('only CERTIFICATE PEM blocks are allowed, found "KEY"');
  expect(refused({ certificate: pem('CERTIFICATE') })).toBe('200');
  expect(refused({})).toContain('status.certificate: Forbidden: updates may not modify existing certificate content');
});

test('only who speaks for the signer may decide', () => {
  const world = new RestWorld();
  world.body(`POST ${CSRS}`, request());
  const rule = { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval'], verbs: ['update'] };
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  world.body(`POST ${rbac}/clusterroles`, { metadata: { name: 'decides' }, rules: [rule] });
  world.body(`POST ${rbac}/clusterrolebindings`, {
    metadata: { name: 'decides' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'decides' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'joe' }],
  });
  const outcome = world.outcome(`PUT ${CSRS}/jane/approval`, decided('Approved'), { user: { name: 'joe', groups: [] } });
  expect(outcome).toContain('user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"');
});
