// People who ask for certificates, and who grants them or not. Nobody signs here: that is a host's affair.
import type { Random } from '../../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { applied, type Deed, deleted, type Theme } from './theme.ts';

const KIND = 'CertificateSigningRequest.certificates.k8s.io';
/** The API server looks at the block's type alone. */
const REQUEST = btoa('-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----\n');

function requested(random: Random): JsonObject {
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: random.pick(['carol', 'dave']) },
    spec: {
      request: REQUEST,
      signerName: random.pick(['kubernetes.io/kube-apiserver-client', 'example.com/own']),
      usages: random.pick([['client auth'], ['digital signature', 'client auth'], []]),
    },
  };
}

function decided(random: Random, type: 'Approved' | 'Denied'): Deed {
  const body = { status: { conditions: [{ type, status: 'True', reason: 'ByAPerson', message: '' }] } };
  return { what: 'ask', kind: KIND, pick: random.uint32(), method: 'PATCH', subresource: 'approval', query: {}, body };
}

export const certificatesTheme: Theme = {
  name: 'certificates',
  oneIn: 8,
  happeningsMax: 6,
  furniture: [],
  happenings: [
    (random) => [applied(requested(random))],
    (random) => [applied(requested(random))],
    (random) => [decided(random, 'Approved')],
    (random) => [decided(random, 'Denied')],
    (random) => [deleted(random, KIND)],
  ],
};
