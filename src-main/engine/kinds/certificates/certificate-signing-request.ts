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
import { decodeBase64 } from '../core/base64.ts';
import { defineKind } from '../define-kind.ts';
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
  validateStatus: (next, previous) => [...validateConditions(next.status?.conditions ?? []), ...keptConditions(next, previous)],
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

function validateSpec({ spec }: CertificateSigningRequest): readonly FieldError[] {
  const path = new FieldPath('spec');
  const { request = '', signerName = '', usages = [], expirationSeconds } = spec ?? {};
  const errors: FieldError[] = [];
  if (!/^-----BEGIN (NEW )?CERTIFICATE REQUEST-----\r?\n/m.test(decodeBase64(request)))
    errors.push(fieldInvalid(path.child('request'), request, 'PEM block type must be CERTIFICATE REQUEST'));
  if (usages.length === 0) errors.push(fieldRequired(path.child('usages'), ''));
  for (const [index, usage] of usages.entries()) {
    const at = path.child('usages').index(index);
    if (!USAGES.includes(usage)) errors.push(fieldNotSupported(at, usage, USAGES));
    else if (usages.indexOf(usage) < index) errors.push(fieldDuplicate(at, usage));
  }
  errors.push(...validateSignerName(signerName, path.child('signerName')));
  if (signerName === 'kubernetes.io/legacy-unknown')
    errors.push(fieldInvalid(path.child('signerName'), signerName, 'the legacy signerName is not allowed via this API version'));
  if (expirationSeconds !== undefined && expirationSeconds < SECONDS_MIN)
    errors.push(
      fieldInvalid(path.child('expirationSeconds'), expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)'),
    );
  return errors;
}

function validateConditions(conditions: readonly Condition[]): readonly FieldError[] {
  const path = new FieldPath('status', 'conditions');
  const seen = new Set<string>();
  return conditions.flatMap(({ type, status }, index) => {
    const at = path.index(index);
    const errors: FieldError[] = [];
    if (type === '') errors.push(fieldRequired(at.child('type'), ''));
    else if (seen.has(type)) errors.push(fieldDuplicate(at.child('type'), type));
    const opposite = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : '';
    if (seen.has(opposite)) errors.push(fieldInvalid(at.child('type'), type, 'Approved and Denied conditions are mutually exclusive'));
    seen.add(type);
    if (status !== 'True' && FINAL.includes(type)) errors.push(fieldNotSupported(at.child('status'), status, ['True']));
    return errors;
  });
}

function keptConditions(next: CertificateSigningRequest, previous: CertificateSigningRequest): readonly FieldError[] {
  const path = new FieldPath('status', 'conditions');
  const typesOf = ({ status }: CertificateSigningRequest): readonly string[] => (status?.conditions ?? []).map(({ type }) => type);
  const errors = typesOf(previous)
    .filter((type) => FINAL.includes(type) && !typesOf(next).includes(type))
    .map((type) => fieldForbidden(path, `updates may not remove a condition of type ${JSON.stringify(type)}`));
  const issued = previous.status?.certificate ?? '';
  return issued === '' || next.status?.certificate === issued
    ? errors
    : [
        ...errors,
        fieldInvalid(
          new FieldPath('status', 'certificate'),
          next.status?.certificate ?? '',
          'updates may not modify a certificate once it is issued',
        ),
      ];
}
