// POST serviceaccounts/token: what a token of the account would say. The host that knows the secret signs it. upstream: pkg/registry/core/serviceaccount/storage/token.go
import { formatTimestamp } from '../../../base/timestamp.ts';
import { FieldPath, fieldInvalid } from '../../../meta/field-error.ts';
import { badRequest, invalid } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import { keyOfCall } from '../call.ts';
import { jsonAnswer } from '../rest-request.ts';
import type { SubresourceHandler } from './subresource.ts';

const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';
const SECONDS_DEFAULT = 3_600;
const SECONDS_MIN = 600;
const SECONDS_MAX = 2 ** 32;

export const token: SubresourceHandler = {
  name: 'token',
  methods: ['POST'],
  answer: (call, { unixMs }) => {
    const { metadata } = call.server.get(call.kind, keyOfCall(call));
    const { body } = call.request;
    if (body === undefined || !isObject(body)) throw badRequest('the object provided is unrecognized (must be of type TokenRequest)');
    const given = body['spec'] !== undefined && isObject(body['spec']) ? body['spec'] : {};
    const expirationSeconds = given['expirationSeconds'] ?? SECONDS_DEFAULT;
    const audiences = Array.isArray(given['audiences']) && given['audiences'].length > 0 ? given['audiences'] : [AUDIENCE];
    const path = new FieldPath('spec', 'expirationSeconds');
    const why = notInRange(expirationSeconds);
    if (why !== null)
      throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [fieldInvalid(path, expirationSeconds, why)]);
    const { name, namespace = '', uid } = metadata;
    const object = { apiVersion: 'authentication.k8s.io/v1', ...body, kind: 'TokenRequest', metadata: { name, namespace } };
    const sent = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', name };
    const { server, kind, request } = call;
    server.onBehalfOf(request.user.groups, () =>
      server.judge(kind, { operation: 'CREATE', subresource: 'token', namespace, object, kind: sent }, request.user.name),
    );
    const status = { token: '', expirationTimestamp: formatTimestamp(unixMs + Number(expirationSeconds) * 1000) };
    return jsonAnswer(201, {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, uid, creationTimestamp: formatTimestamp(unixMs) },
      spec: { audiences, expirationSeconds, boundObjectRef: null },
      status,
    });
  },
};

/** upstream: pkg/apis/authentication/validation ValidateTokenRequest */
function notInRange(seconds: unknown): string | null {
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < SECONDS_MIN)
    return 'may not specify a duration less than 10 minutes';
  return seconds > SECONDS_MAX ? 'may not specify a duration larger than 2^32 seconds' : null;
}
