// The certificates of one lab: an authority of its own, a server certificate for loopback, and client certificates for people.
// Plain HTTP will not do, because Kubernetes clients send no credentials over it.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface KeyPair {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface Authority extends KeyPair {
  readonly issue: (subject: Subject) => Promise<KeyPair>;
  /** The certificate, in PEM, that a request in PEM asks for. Throws when the request is none, or nobody holds its key. */
  readonly sign: (request: string, usages: readonly string[], seconds?: number) => Promise<string>;
}

/** A server, by the names it answers to; or a person, by user name and groups. */
export type Subject =
  | { readonly server: string; readonly addresses: readonly string[]; readonly names: readonly string[] }
  | { readonly user: string; readonly groups: readonly string[] };

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
/** Its object identifier. */
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const VALID_MS = 10 * 365 * 86_400_000;
/** upstream: --cluster-signing-duration */
const YEAR_SECONDS = 365 * 86_400;
/** Clocks of client and server may differ a little. */
const BACKDATED_MS = 3_600_000;

export async function createAuthority(name: string): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    keys: keys as unknown as x509.X509CertificateCreateSelfSignedParams['keys'],
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
    ],
  });
  return {
    certificate: certificate.toString('pem'),
    key: await privateKeyPem(keys),
    issue: (subject) => issue(subject, certificate, keys.privateKey),
    sign: (request, usages, seconds = YEAR_SECONDS) => sign(request, usages, seconds, certificate, keys.privateKey),
  };
}

async function issue(subject: Subject, issuer: x509.X509Certificate, signingKey: webcrypto.CryptoKey): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(),
    serialNumber: serialNumber(),
    subject:
      'server' in subject ? [{ CN: [subject.server] }] : [{ CN: [subject.user] }, ...subject.groups.map((group) => ({ O: [group] }))],
    issuer: issuer.subjectName.toJSON(),
    publicKey: keys.publicKey as never,
    signingKey: signingKey as never,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(['server' in subject ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth]),
      ...('server' in subject ? [alternativeNames(subject)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await privateKeyPem(keys) };
}

/** upstream: pkg/controller/certificates/authority/policies.go PermissiveSigningPolicy */
async function sign(
  pem: string,
  usages: readonly string[],
  seconds: number,
  issuer: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
): Promise<string> {
  const request = new x509.Pkcs10CertificateRequest(pem);
  if (!(await request.verify())) throw new Error('unable to verify the signature of the request');
  const names = request.getExtension(SUBJECT_ALTERNATIVE_NAME);
  const { notBefore } = validity();
  const purposes = [
    ...(usages.includes('client auth') ? [x509.ExtendedKeyUsage.clientAuth] : []),
    ...(usages.includes('server auth') ? [x509.ExtendedKeyUsage.serverAuth] : []),
  ];
  const flags =
    (usages.includes('digital signature') ? x509.KeyUsageFlags.digitalSignature : 0) |
    (usages.includes('key encipherment') ? x509.KeyUsageFlags.keyEncipherment : 0);
  const certificate = await x509.X509CertificateGenerator.create({
    notBefore,
    notAfter: new Date(Date.now() + Math.min(seconds, YEAR_SECONDS) * 1000),
    serialNumber: serialNumber(),
    subject: request.subjectName.toJSON(),
    issuer: issuer.subjectName.toJSON(),
    publicKey: request.publicKey,
    signingKey: signingKey as never,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)]),
      new x509.ExtendedKeyUsageExtension(purposes),
      ...(names === null ? [] : [names]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return certificate.toString('pem');
}

function alternativeNames({ addresses, names }: Extract<Subject, { server: string }>): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension([
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
    ...names.map((value) => ({ type: 'dns' as const, value })),
  ]);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const nowMs = Date.now();
  return { notBefore: new Date(nowMs - BACKDATED_MS), notAfter: new Date(nowMs + VALID_MS) };
}

function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
