// What those hear who ask after the API server itself: whether it is alive and ready, which paths it has, and what it counts.
// upstream: apiserver pkg/server/healthz/healthz.go, pkg/server/routes/index.go, component-base metrics
import { kindKey } from '../../kinds/kind.ts';
import type { ApiServer } from '../server.ts';
import { VERSION_INFO } from './discovery.ts';
import type { ResourceCatalogue } from './resource-catalogue.ts';
import { isSet, parameters, type RestAnswer, type RestRequest, textAnswer } from './rest-request.ts';

const ALWAYS = ['ping', 'log', 'etcd'];
const COMPLETION = 'autoregister-completion';
/** Those of kubeadm's API server. */
const HOOKS = [
  ...['start-apiserver-admission-initializer', 'generic-apiserver-start-informers', 'priority-and-fairness-config-consumer'],
  ...['priority-and-fairness-filter', 'storage-object-count-tracker-hook', 'start-apiextensions-informers'],
  ...['start-apiextensions-controllers', 'crd-informer-synced', 'start-system-namespaces-controller'],
  ...['start-cluster-authentication-info-controller', 'start-kube-apiserver-identity-lease-controller'],
  ...['start-kube-apiserver-identity-lease-garbage-collector', 'start-legacy-token-tracking-controller'],
  ...['start-service-ip-repair-controllers', 'rbac/bootstrap-roles', 'scheduling/bootstrap-system-priority-classes'],
  ...['priority-and-fairness-config-producer', 'bootstrap-controller', 'start-kubernetes-service-cidr-controller'],
  ...['aggregator-reload-proxy-client-cert', 'start-kube-aggregator-informers', 'apiservice-status-local-available-controller'],
  ...['apiservice-status-remote-available-controller', 'apiservice-registration-controller', 'apiservice-discovery-controller'],
  ...['kube-apiserver-autoregistration', COMPLETION, 'apiservice-openapi-controller', 'apiservice-openapiv3-controller'],
].map((name) => (name === COMPLETION ? name : `poststarthook/${name}`));

/** The checks of each of the three, in the order in which they are told. A server that can be asked passes them. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: [...ALWAYS, ...HOOKS],
  livez: [...ALWAYS, ...HOOKS],
  readyz: [...ALWAYS, 'etcd-readiness', 'informer-sync', ...HOOKS, 'shutdown'],
};

/** undefined: the path asks for something else. */
export function healthAnswer(path: string, request: RestRequest): RestAnswer | undefined {
  const [, name = '', check] = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path) ?? [];
  const checks = CHECKS[name];
  if (checks === undefined) return undefined;
  if (check !== undefined) return checks.includes(check) ? textAnswer(200, 'ok') : undefined;
  if (!isSet(request, 'verbose')) return textAnswer(200, 'ok');
  const excluded = new Set(parameters(request, 'exclude'));
  const lines = checks.map((one) => (excluded.has(one) ? `[+]${one} excluded: ok` : `[+]${one} ok`));
  const unknown = [...excluded].filter((one) => !checks.includes(one)).sort();
  const warning =
    unknown.length === 0
      ? []
      : [`warn: some health checks cannot be excluded: no matches for ${unknown.map((one) => JSON.stringify(one)).join(', ')}`];
  return textAnswer(200, [...lines, ...warning, `${name} check passed`, ''].join('\n'));
}

/** `GET /`: every path at which something can be asked. */
export function rootPaths(catalogue: ResourceCatalogue): object {
  const groups = catalogue.groupVersions().filter(({ group }) => group !== '');
  const ofGroups = groups.flatMap(({ group, version }) => [`/apis/${group}`, `/apis/${group}/${version}`]);
  const health = Object.entries(CHECKS).flatMap(([name, checks]) => [`/${name}`, ...checks.map((check) => `/${name}/${check}`)]);
  const others = [
    '/.well-known/openid-configuration',
    '/api',
    '/api/v1',
    '/apis',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/openid/v1/jwks',
    '/version',
  ];
  return { paths: [...new Set([...others, ...ofGroups, ...health])].sort() };
}

/** `GET /metrics`: what can be counted at any moment without having been counted all the time. */
export function metricsText(catalogue: ResourceCatalogue, { store }: ApiServer): string {
  const { gitCommit, gitTreeState, gitVersion, goVersion, major, minor, platform, buildDate, compiler } = VERSION_INFO;
  const build = {
    build_date: buildDate,
    compiler,
    git_commit: gitCommit,
    git_tree_state: gitTreeState,
    git_version: gitVersion,
    go_version: goVersion,
    major,
    minor,
    platform,
  };
  const labels = Object.entries(build).map(([name, value]) => `${name}="${value}"`);
  const counts = new Map(
    catalogue
      .all()
      .map(
        ({ stored }) =>
          [stored.group === '' ? stored.plural : `${stored.plural}.${stored.group}`, store.table(kindKey(stored)).size] as const,
      ),
  );
  return [
    '# HELP apiserver_storage_objects [STABLE] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.',
    '# TYPE apiserver_storage_objects gauge',
    ...[...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([resource, count]) => `apiserver_storage_objects{resource="${resource}"} ${count}`),
    "# HELP kubernetes_build_info [ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
    '# TYPE kubernetes_build_info gauge',
    `kubernetes_build_info{${labels.join(',')}} 1`,
    '',
  ].join('\n');
}
