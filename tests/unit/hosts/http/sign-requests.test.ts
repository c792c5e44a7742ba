// A certificate that somebody asked for and somebody approved comes in as the one whom it names.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, X509Certificate } from '@peculiar/x509';
import { expect, test } from 'vitest';
import type { CertificateSigningRequest } from '../../../../src-main/engine/kinds/certificates/certificate-signing-request.ts';
import { planMachines } from '../../../../src-main/engine/scenario.ts';
import { createAuthority } from '../../../../src-main/hosts/http/certificates.ts';
import { DOOR } from '../../../../src-main/hosts/http/identity.ts';
import { signRequests } from '../../../../src-main/hosts/http/sign-requests.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';

const PATH = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

async function pemOf(name: string): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await Pkcs10CertificateRequestGenerator.create({ name, keys: keys as never, signingAlgorithm: algorithm });
  return made.toString('pem');
}

/** Asks, approves, and waits for the signer's word. */
async function check(usages: readonly string[], expected: (status: CertificateSigningRequest['status']) => void): Promise<void> {
  const epochMs = Date.UTC(2025, 5, 1, 8);
  const lab = new Lab({
    scenario: { name: 'one', epochMs, seed: 1, region: 'lab', machines: planMachines(1, 1), objects: [] },
    playing: false,
  });
  const api = apiAccess(lab);
  const request = { accept: '', contentType: '', user: DOOR, agent: 'test', query: [] };
  const answered = new Promise<CertificateSigningRequest['status']>((resolve) => {
    api.watch({ ...request, method: 'GET', path: PATH }, ({ object }) => {
      const { status } = object as CertificateSigningRequest;
      const isFailed = (status?.conditions ?? []).some(({ type }) => type === 'Failed');
      if (status?.certificate !== undefined || isFailed) resolve(status);
    });
  });
  const end = signRequests(api, await createAuthority('test'));
  const pem = await pemOf('CN=carol,O=devs');
  const spec = { request: Buffer.from(pem).toString('base64'), signerName: 'kubernetes.io/kube-apiserver-client', usages };
  const body = { metadata: { name: 'carol' }, spec, status: { conditions: [{ type: 'Approved', status: 'True' }] } };
  api.answer({ ...request, method: 'POST', path: PATH, body });
  api.answer({ ...request, method: 'PUT', path: `${PATH}/carol/approval`, body });
  expected(await answered);
  end();
  lab.close();
}

test('who was approved gets a certificate', () =>
  check(['client auth'], (status) => {
    const certificate = new X509Certificate(Buffer.from(status?.certificate ?? '', 'base64').toString());
    expect([certificate.subject, certificate.issuer]).toEqual(['CN=carol, O=devs', 'CN=test']);
  }));

test('who wants it for something else gets none', () =>
  check(['server auth'], (status) =>
    expect(status?.conditions?.at(-1)).toMatchObject({
      type: 'Failed',
      reason: 'SignerValidationFailure',
      message: 'invalid usages for client certificate: [server auth]',
    }),
  ));
