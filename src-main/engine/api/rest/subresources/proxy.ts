// pods/proxy, services/proxy and nodes/proxy: an HTTP request that the API server passes on to a port of a pod, of one behind a Service, or to a kubelet.
// upstream: pkg/registry/core/{pod,service,node}/rest, apimachinery pkg/util/net SplitSchemeNamePort
import { type Pod, podKind } from '../../../kinds/core/pod.ts';
import { type Service, serviceKind } from '../../../kinds/core/service.ts';
import { endpointSliceKind } from '../../../kinds/discovery/endpoint-slice.ts';
import { badRequest, internal, StatusError } from '../../../meta/status-error.ts';
import type { Call } from '../call.ts';
import type { Present } from '../read.ts';
import { type RestAnswer, textAnswer } from '../rest-request.ts';
import type { SubresourceHandler } from './subresource.ts';

export const proxy: SubresourceHandler = {
  name: 'proxy',
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  connects: true,
  answer: (call, present) => {
    if (call.kind.kind === 'Node') return ofKubelet(call);
    const { name, port } = addressOf(call);
    if (call.kind.kind === 'Service') return ofService(call, present, call.server.get(serviceKind, `${call.namespace}/${name}`), port);
    const pod = call.server.get(podKind, `${call.namespace}/${name}`);
    return passedOn(call, present, pod, port === '' ? (pod.spec.containers[0]?.ports?.[0]?.containerPort ?? 80) : Number(port));
  },
};

/** `name`, `name:port`, `scheme:name:port`. */
function addressOf({ name, kind, namespace }: Call): { readonly name: string; readonly port: string } {
  const parts = name.split(':');
  const [first = '', second = '', third] = parts;
  const scheme = third === undefined ? '' : first;
  if (parts.length > 3 || !['', 'http', 'https'].includes(scheme))
    throw badRequest(`invalid ${kind.kind.toLowerCase()} request ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)}`);
  return third === undefined ? { name: first, port: second } : { name: second, port: third };
}

function ofService(call: Call, present: Present, service: Service, port: string): RestAnswer {
  const { name, namespace } = service.metadata;
  const ports = service.spec.ports ?? [];
  const wanted = port === '' && ports.length === 1 ? ports[0] : ports.find((one) => one.name === port || String(one.port) === port);
  const none = new StatusError('ServiceUnavailable', 503, `no endpoints available for service ${JSON.stringify(call.name)}`, undefined);
  if (wanted === undefined) throw none;
  const slices = call.server
    .list(endpointSliceKind, namespace)
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name);
  for (const slice of slices) {
    const target = slice.ports?.find((one) => (one.name ?? '') === (wanted.name ?? ''))?.port;
    const endpoint = slice.endpoints?.find(({ conditions, targetRef }) => conditions?.ready !== false && targetRef?.kind === 'Pod');
    const pod = call.server.find(podKind, `${namespace}/${endpoint?.targetRef?.name ?? ''}`);
    if (target !== undefined && pod !== undefined) return passedOn(call, present, pod, target);
  }
  throw none;
}

function passedOn({ request }: Call, { containers }: Present, pod: Pod, port: number): RestAnswer {
  const address = `${pod.status.podIP ?? ''}:${port}`;
  const failed = (why: string): StatusError =>
    new StatusError('ServiceUnavailable', 503, `error trying to reach service: dial tcp ${address}: ${why}`, undefined);
  if (containers.unreachable(pod)?.includes('no route') === true) throw failed('connect: no route to host');
  const path = request.path.slice(request.path.indexOf('/proxy') + '/proxy'.length) || '/';
  const query = request.query.map(([name, value]) => `${name}=${value}`).join('&');
  const line = `${request.method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1`;
  const answer = containers.converse(pod.metadata.uid, port, `${line}\r\nHost: ${address}\r\n\r\n`);
  if (answer === null) throw failed('connect: connection refused');
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) throw internal(`error trying to reach service: malformed HTTP response from ${address}`);
  const head = answer.slice(0, end).split('\r\n');
  const contentType = head.find((one) => /^content-type:/i.test(one))?.replace(/^[^:]*: */, '') ?? 'text/plain';
  return { code: Number(head[0]?.split(' ')[1] ?? '502'), contentType, body: answer.slice(end + 4), warnings: [] };
}

/** A kubelet says that it is well; the rest of what it can be asked is asked of the API here. */
function ofKubelet(call: Call): RestAnswer {
  call.server.get(call.kind, call.name);
  const path = call.request.path.slice(call.request.path.indexOf('/proxy') + '/proxy'.length);
  return path === '/healthz' || path === '/healthz/ping' ? textAnswer(200, 'ok') : textAnswer(404, '404 page not found\n');
}
