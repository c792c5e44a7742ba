// Signs the certificates that people ask for and somebody approves, as the kube-controller-manager does, with the authority of this lab: what is signed can be used to come in.
// upstream: pkg/controller/certificates/signer/signer.go, pkg/apis/certificates/helpers.go

import type { RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { CertificateSigningRequest } from '../../engine/kinds/certificates/certificate-signing-request.ts';
import { isApproved } from '../../engine/kinds/certificates/certificate-signing-request.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import type { Authority } from './certificates.ts';
import { DOOR } from './identity.ts';

const PATH = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const KEY_USAGES = ['digital signature', 'key encipherment'];
/** By signer: the purpose that a request must name. Other signers are other people's. */
const PURPOSES: Readonly<Record<string, string>> = {
  'kubernetes.io/kube-apiserver-client': 'client auth',
  'kubernetes.io/kube-apiserver-client-kubelet': 'client auth',
  'kubernetes.io/kubelet-serving': 'server auth',
};

/** Goes on until the returned function is called, in whichever world is open. */
export function signRequests(api: ApiAccess, authority: Pick<Authority, 'sign'>): () => void {
  let stop = (): void => undefined;
  let ended = false;
  const begin = (): void => {
    stop();
    if (ended) return;
    const watch = api.watch(ask('GET', '', undefined, [['watch', 'true']]), ({ type, object }) => {
      const request = object as CertificateSigningRequest;
      if ((type === 'ADDED' || type === 'MODIFIED') && isWaiting(request)) void answerRequest(api, authority, request);
    });
    stop = () => watch.stop();
  };
  begin();
  api.onReplace(begin);
  return () => {
    ended = true;
    stop();
  };
}

function isWaiting(request: CertificateSigningRequest): boolean {
  const isFailed = (request.status?.conditions ?? []).some(({ type }) => type === 'Failed');
  return isApproved(request) && !isFailed && (request.status?.certificate ?? '') === '' && PURPOSES[request.spec.signerName] !== undefined;
}

async function answerRequest(
  api: ApiAccess,
  authority: Pick<Authority, 'sign'>,
  { metadata, spec }: CertificateSigningRequest,
): Promise<void> {
  const wrong = wrongUsages(spec);
  let status: object = {};
  if (wrong === '') {
    try {
      const pem = Buffer.from(spec.request, 'base64').toString();
      const certificate = await authority.sign(pem, spec.usages ?? [], spec.expirationSeconds);
      status = { certificate: Buffer.from(certificate).toString('base64') };
    } catch (error) {
      status = { conditions: [failure(api, error instanceof Error ? error.message : String(error))] };
    }
  } else status = { conditions: [failure(api, wrong)] };
  const { code, body } = api.answer(ask('GET', `/${metadata.name}`));
  const current = body as CertificateSigningRequest;
  if (code !== 200 || current.metadata.uid !== metadata.uid || !isWaiting(current)) return;
  const { conditions = [] } = status as { conditions?: readonly object[] };
  const next = { ...current, status: { ...current.status, ...status, conditions: [...(current.status?.conditions ?? []), ...conditions] } };
  const answer = api.answer(ask('PUT', `/${metadata.name}/status`, next));
  // Somebody else was faster: the next word of the watch begins anew.
  if (answer.code !== 200 && answer.code !== 409 && answer.code !== 404) console.error(answer.body);
}

function wrongUsages({ signerName, usages = [] }: CertificateSigningRequest['spec']): string {
  const purpose = PURPOSES[signerName] ?? '';
  const isFine = usages.includes(purpose) && usages.every((usage) => usage === purpose || KEY_USAGES.includes(usage));
  return isFine ? '' : `invalid usages for ${purpose === 'client auth' ? 'client' : 'server'} certificate: [${usages.join(' ')}]`;
}

function failure(api: ApiAccess, message: string): object {
  const now = `${new Date(api.unixMs()).toISOString().slice(0, 19)}Z`;
  return { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message, lastUpdateTime: now, lastTransitionTime: now };
}

function ask(method: string, rest: string, body?: object, query: RestRequest['query'] = []): RestRequest {
  const request = {
    method,
    path: `${PATH}${rest}`,
    query,
    accept: 'application/json',
    contentType: '',
    user: DOOR,
    agent: 'kube-controller-manager',
  };
  return body === undefined ? request : ({ ...request, body } as RestRequest);
}
