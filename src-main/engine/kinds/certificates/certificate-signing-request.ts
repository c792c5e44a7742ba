// CertificateSigningRequest: its type and all of its API rules. upstream: pkg/registry/certificates/certificates/strategy.go, pkg/apis/certificates/validation
import type { CertificateSigningRequest as OpenApiRequest } from 'kubernetes-types/certificates/v1.d.ts';
import {
  type FieldError,
  FieldPath,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
} from '../../meta/field-error.ts';
import type { Stored } from '../../meta/object.ts';
import { bytesOfBase64, decodeBase64 } from '../core/base64.ts';
import { defineKind } from '../define-kind.ts';
import { goBytes } from '../go-syntax.ts';
import { storedColumns } from '../stored-columns.ts';
import { validateSignerName } from './signer-name.ts';

export type CertificateSigningRequest = Stored<OpenApiRequest>;
type Condition = NonNullable<NonNullable<CertificateSigningRequest['status']>['conditions']>[number];

const SECONDS_MIN = 600;
const USAGES = [
  ...['any', 'cert sign', 'client auth', 'code signing', 'content commitment', 'crl sign', 'data encipherment', 'decipher only'],
  ...['digital signature', 'email protection', 'encipher only', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'key agreement'],
  ...['key encipherment', 'microsoft sgc', 'netscape sgc', 'ocsp signing', 's/mime', 'server auth', 'signing', 'timestamping'],
];
/** What is decided once stays so. */
const FINAL = ['Approved', 'Denied', 'Failed'];
const OPPOSITES = ['Approved', 'Denied'];
const STATUSES = ['False', 'True', 'Unknown'];

export const certificateSigningRequestKind = defineKind<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  hasStatus: true,
  requestedBy,
  prepareForCreate: (request) => ({ ...request, status: {} }),
  prepareForUpdate: (next, previous) => (next.spec === previous.spec ? next : { ...next, spec: previous.spec }),
  validate: ({ status }) => validateConditions(status?.conditions ?? []),
  validateCreate: validateSpec,
  validateUpdate: (next, previous) => keptConditions(next, previous),
  validateStatus: (next, previous) => [
    ...validateApproval(next, previous),
    ...undecided(next, previous),
    ...validateCertificate(next, previous),
  ],
  selectableFields: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
  columns: storedColumns('CertificateSigningRequest.certificates.k8s.io'),
});

/** A request as it is made: in the name of who makes it, whatever it says. */
function requestedBy(
  request: CertificateSigningRequest,
  { name, groups, uid }: { readonly name: string; readonly groups: readonly string[]; readonly uid?: string },
): CertificateSigningRequest {
  const { extra: _extra, uid: _uid, ...spec } = request.spec ?? {};
  return {
    ...request,
    spec: { ...spec, username: name, groups: [...groups], ...(uid === undefined ? {} : { uid }) } as typeof request.spec,
  };
}

export function isApproved({ status }: CertificateSigningRequest): boolean {
  const types = (status?.conditions ?? []).map(({ type }) => type);
  return types.includes('Approved') && !types.includes('Denied');
}

/** What an approver may change. upstream: ValidateCertificateSigningRequestApprovalUpdate */
export function validateApproval(next: CertificateSigningRequest, previous: CertificateSigningRequest): readonly FieldError[] {
  return [...validateConditions(next.status?.conditions ?? [], previous.status?.conditions), ...keptConditions(next, previous)];
}

function validateSpec({ spec }: CertificateSigningRequest): readonly FieldError[] {
  const path = new FieldPath('spec');
  const { request = '', signerName = '', usages = [], expirationSeconds } = spec ?? {};
  const errors: FieldError[] = [];
  if (!/^-----BEGIN CERTIFICATE REQUEST-----\r?\n/m.test(decodeBase64(request)))
    errors.push(fieldInvalid(path.child('request'), goBytes(bytesOfBase64(request)), 'PEM block type must be CERTIFICATE REQUEST'));
  if (usages.length === 0) errors.push(fieldRequired(path.child('usages'), ''));
  for (const [index, usage] of usages.entries())
    if (!USAGES.includes(usage)) errors.push(fieldNotSupported(path.child('usages').index(index), usage, USAGES));
  for (const [index, usage] of usages.entries())
    if (usages.indexOf(usage) < index) errors.push(fieldDuplicate(path.child('usages').index(index), usage));
  if (signerName === 'kubernetes.io/legacy-unknown')
    errors.push(fieldInvalid(path.child('signerName'), signerName, 'the legacy signerName is not allowed via this API version'));
  else errors.push(...validateSignerName(signerName, path.child('signerName')));
  if (expirationSeconds !== undefined && expirationSeconds < SECONDS_MIN)
    errors.push(
      fieldInvalid(path.child('expirationSeconds'), expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)'),
    );
  return errors;
}

/** What was wrong before may stay so. */
function validateConditions(conditions: readonly Condition[], previous: readonly Condition[] = []): readonly FieldError[] {
  const path = new FieldPath('status', 'conditions');
  const before = previous.map(({ type }) => type);
  const [mayBeBoth, mayBeEmpty] = [OPPOSITES.every((type) => before.includes(type)), before.includes('')];
  const mayRepeat = new Set(before).size < before.length;
  const seen = new Set<string>();
  return conditions.flatMap(({ type, status }, index) => {
    const at = path.index(index);
    const errors: FieldError[] = [];
    const supported = FINAL.includes(type) ? ['True'] : STATUSES;
    const opposite = OPPOSITES.includes(type) ? OPPOSITES.find((other) => other !== type) : undefined;
    if (type === '' && !mayBeEmpty) errors.push(fieldRequired(at.child('type'), ''));
    if (status === '') errors.push(fieldRequired(at.child('status'), ''));
    else if (!supported.includes(status)) errors.push(fieldNotSupported(at.child('status'), status, supported));
    if (!mayBeBoth && opposite !== undefined && seen.has(opposite))
      errors.push(fieldInvalid(at.child('type'), type, 'Approved and Denied conditions are mutually exclusive'));
    if (!mayRepeat && seen.has(type)) errors.push(fieldDuplicate(at.child('type'), type));
    seen.add(type);
    return errors;
  });
}

const conditionsPath = new FieldPath('status', 'conditions');
const certificatePath = new FieldPath('status', 'certificate');

function countOf({ status }: CertificateSigningRequest, wanted: string): number {
  return (status?.conditions ?? []).filter(({ type }) => type === wanted).length;
}

/** upstream: validateCertificateSigningRequestUpdate */
function keptConditions(next: CertificateSigningRequest, previous: CertificateSigningRequest): readonly FieldError[] {
  return FINAL.filter((type) => countOf(next, type) < countOf(previous, type)).map((type) =>
    fieldForbidden(conditionsPath, `updates may not remove a condition of type ${JSON.stringify(type)}`),
  );
}

/** Whoever writes the status does not decide. */
function undecided(next: CertificateSigningRequest, previous: CertificateSigningRequest): readonly FieldError[] {
  return OPPOSITES.filter((type) => countOf(next, type) > countOf(previous, type)).map((type) =>
    fieldForbidden(conditionsPath, `updates may not add a condition of type ${JSON.stringify(type)}`),
  );
}

/** upstream: validateCertificate, as far as PEM shows it */
function validateCertificate({ status }: CertificateSigningRequest, previous: CertificateSigningRequest): readonly FieldError[] {
  const [certificate, issued] = [status?.certificate ?? '', previous.status?.certificate ?? ''];
  if (certificate === issued) return [];
  if (issued !== '') return [fieldForbidden(certificatePath, 'updates may not modify existing certificate content')];
  const blocks = [...decodeBase64(certificate).matchAll(/^-----BEGIN ([A-Z ]+)-----\r?$/gm)].map(([, type = '']) => type);
  const strange = blocks.find((type) => type !== 'CERTIFICATE');
  const fault = strange === undefined ? NO_BLOCK : `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(strange)}`;
  return blocks.length > 0 && strange === undefined ? [] : [fieldInvalid(certificatePath, '<certificate data>', fault)];
}

const NO_BLOCK = 'must contain at least one CERTIFICATE PEM block';
