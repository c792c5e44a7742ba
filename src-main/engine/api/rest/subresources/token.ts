// POST serviceaccounts/token: what a token of the account would say. The host that knows the secret signs it. upstream: pkg/registry/core/serviceaccount/storage/token.go
import { formatTimestamp } from '../../../base/timestamp.ts';
import { nodeKind } from '../../../kinds/core/node.ts';
import { podKind } from '../../../kinds/core/pod.ts';
import { secretKind } from '../../../kinds/core/secret.ts';
import { TOKEN_ISSUER } from '../../../kinds/core/service-account-token.ts';
import { FieldPath, fieldInvalid } from '../../../meta/field-error.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../../meta/object.ts';
import { badRequest, conflict, invalid } from '../../../meta/status-error.ts';
import { isObject } from '../../patch/merge-patch.ts';
import { type Call, keyOfCall } from '../call.ts';
import { bodyObject } from '../request-body.ts';
import { jsonAnswer } from '../rest-request.ts';
import type { SubresourceHandler } from './subresource.ts';

const SECONDS_DEFAULT = 3_600;
const SECONDS_MIN = 600;
const SECONDS_MAX = 2 ** 32;

export const token: SubresourceHandler = {
  name: 'token',
  methods: ['POST'],
  answer: (call, { unixMs }) => {
    const { metadata } = call.server.get(call.kind, keyOfCall(call));
    const body = bodyObject(call.request, 'TokenRequest');
    const given = body['spec'] !== undefined && isObject(body['spec']) ? body['spec'] : {};
    const expirationSeconds = given['expirationSeconds'] ?? SECONDS_DEFAULT;
    const audiences = Array.isArray(given['audiences']) && given['audiences'].length > 0 ? given['audiences'] : [TOKEN_ISSUER];
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
    const reference = boundReference(call, given['boundObjectRef']);
    const status = { token: '', expirationTimestamp: formatTimestamp(unixMs + Number(expirationSeconds) * 1000) };
    return jsonAnswer(201, {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, uid, creationTimestamp: formatTimestamp(unixMs) },
      spec: { audiences, expirationSeconds, boundObjectRef: reference },
      status,
    });
  },
};

/** What the token ends with, which must be there. upstream: pkg/registry/core/serviceaccount/storage/token.go Create */
function boundReference(call: Call, given: JsonValue | undefined): JsonObject | null {
  if (given === undefined || given === null || !isObject(given)) return null;
  const text = (field: string): string => (typeof given[field] === 'string' ? given[field] : '');
  const [kind, apiVersion, name, uid] = [text('kind'), text('apiVersion'), text('name'), text('uid')];
  const found = apiVersion === 'v1' ? boundObject(call, kind, name) : undefined;
  if (found === undefined) {
    const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
  if (uid !== '' && uid !== found.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', resource: kind }, name, why);
  }
  return given;
}

function boundObject({ server, name: account, namespace }: Call, kind: string, name: string): ApiObject | undefined {
  if (kind === 'Secret') return server.get(secretKind, `${namespace}/${name}`);
  if (kind === 'Node') return server.get(nodeKind, name);
  if (kind !== 'Pod') return undefined;
  const pod = server.get(podKind, `${namespace}/${name}`);
  if (pod.spec.serviceAccountName !== account)
    throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`);
  return pod;
}

/** upstream: pkg/apis/authentication/validation ValidateTokenRequest */
function notInRange(seconds: unknown): string | null {
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < SECONDS_MIN)
    return 'may not specify a duration less than 10 minutes';
  return seconds > SECONDS_MAX ? 'may not specify a duration larger than 2^32 seconds' : null;
}
