// certificatesigningrequests/approval: says yes or no to a request, for those who may speak for its signer.
// upstream: pkg/registry/certificates/certificates/strategy.go csrApprovalStrategy, plugin/pkg/admission/certificates/approval
import { formatTimestamp } from '../../../base/timestamp.ts';
import {
  type CertificateSigningRequest,
  certificateSigningRequestKind,
  validateApproval,
} from '../../../kinds/certificates/certificate-signing-request.ts';
import type { ApiObject, JsonObject } from '../../../meta/object.ts';
import { conflict, forbidden } from '../../../meta/status-error.ts';
import { isAllowed } from '../../authorization/authorizer.ts';
import { storedPolicy } from '../../authorization/stored-policy.ts';
import { updateOwners } from '../../managed-fields/field-owners.ts';
import { asEncoded, asShown, type Call, keyOfCall, writerOf } from '../call.ts';
import { checkFields, readBody } from '../request-body.ts';
import { jsonAnswer } from '../rest-request.ts';
import { maybeDry, patchedObject } from '../write.ts';
import type { SubresourceHandler } from './subresource.ts';

/** The approver, and no other who writes the status, may decide. */
const approvedKind = { ...certificateSigningRequestKind, validateStatus: validateApproval };
const RESOURCE = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' };

export const approval: SubresourceHandler = {
  name: 'approval',
  methods: ['GET', 'PUT', 'PATCH'],
  answer: (call, { unixMs }) => {
    const current = call.server.get(certificateSigningRequestKind, keyOfCall(call));
    if (call.request.method === 'GET') return jsonAnswer(200, asEncoded(call, current));
    const given =
      call.request.method === 'PUT' ? readBody(call) : checkFields(call, patchedObject(call, asJson(asShown(call, current))), 'patch');
    const wanted = given.object as unknown as CertificateSigningRequest;
    const version = wanted.metadata.resourceVersion ?? '';
    if (version !== '' && version !== current.metadata.resourceVersion) throw conflict(RESOURCE, current.metadata.name);
    requireSigner(call, current);
    const next = decided(current, wanted, formatTimestamp(unixMs));
    const written = maybeDry(call, () => {
      const owned = updateOwners(call.kind, asJson(current), asJson(next), writerOf(call)) as unknown as CertificateSigningRequest;
      return call.server.update(approvedKind, owned, call.request.user.name, 'status');
    });
    return jsonAnswer(200, asEncoded(call, written), [...given.warnings, ...call.server.takeWarnings()]);
  },
};

function requireSigner({ request, server }: Call, { metadata, spec }: CertificateSigningRequest): void {
  const signer = spec.signerName;
  const names = [signer, `${signer.slice(0, signer.indexOf('/'))}/*`];
  const policy = storedPolicy(server.store);
  const may = names.some((name) =>
    isAllowed(policy, request.user, {
      verb: 'approve',
      group: RESOURCE.group,
      resource: 'signers',
      subresource: '',
      name,
      namespace: '',
      path: '',
    }),
  );
  if (!may) throw forbidden(RESOURCE, metadata.name, `user not permitted to approve requests with signerName ${JSON.stringify(signer)}`);
}

/** Only the conditions are the approver's to write; the times of new ones are filled in. */
function decided(current: CertificateSigningRequest, wanted: CertificateSigningRequest, now: string): CertificateSigningRequest {
  const before = current.status?.conditions ?? [];
  const conditions = (wanted.status?.conditions ?? []).map((condition) => {
    const same = before.find(({ type, status }) => type === condition.type && status === condition.status);
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? now,
    };
  });
  return { ...current, status: { ...current.status, conditions } };
}

const asJson = (object: ApiObject): JsonObject => object as unknown as JsonObject;
