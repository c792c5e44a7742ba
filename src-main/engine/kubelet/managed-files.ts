// Files that the kubelet lays into every container, whatever its image holds: its name, its hosts and its name server.
// upstream: pkg/kubelet/kubelet_pods.go managedHostsFileContent, pkg/kubelet/network/dns/dns.go GetPodDNS
import type { Pod } from '../kinds/core/pod.ts';

/** kubeadm's address of the cluster's name server. */
export const NAME_SERVER = '10.96.0.10';

const HOSTS = [
  '# Kubernetes-managed hosts file.',
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::0\tip6-localnet',
  'fe00::0\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
];

export const MANAGED = ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf'] as const;

/** undefined: it is none of them. */
export function managedFile(path: string, pod: Pod, ip: string): string | undefined {
  switch (path) {
    case '/etc/hostname':
      return `${hostname(pod)}\n`;
    case '/etc/hosts':
      return hostsOf(pod, ip);
    case '/etc/resolv.conf':
      return resolverOf(pod);
    default:
      return undefined;
  }
}

function hostname({ spec, metadata }: Pod): string {
  return spec.hostname ?? metadata.name;
}

function hostsOf(pod: Pod, ip: string): string {
  const { subdomain, hostAliases = [] } = pod.spec;
  const whole = subdomain === undefined ? '' : `${hostname(pod)}.${subdomain}.${pod.metadata.namespace}.svc.cluster.local\t`;
  const aliases = hostAliases.map(({ ip: address, hostnames = [] }) => `${address}\t${hostnames.join('\t')}`);
  const added = aliases.length === 0 ? [] : ['', '# Entries added by HostAliases.', ...aliases];
  return [...HOSTS, `${ip}\t${whole}${hostname(pod)}`, ...added, ''].join('\n');
}

function resolverOf({ spec, metadata }: Pod): string {
  const { dnsPolicy = 'ClusterFirst', dnsConfig } = spec;
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  const isOfCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && spec.hostNetwork !== true);
  const domains = isOfCluster ? [`${metadata.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'] : [];
  const all = [...domains, ...searches];
  const stated = [
    ...(isOfCluster ? ['ndots:5'] : []),
    ...options.map(({ name, value }) => (value === undefined ? name : `${name}:${value}`)),
  ];
  return [
    ...(all.length === 0 ? [] : [`search ${all.join(' ')}`]),
    ...[...(isOfCluster ? [NAME_SERVER] : []), ...nameservers].map((address) => `nameserver ${address}`),
    ...(stated.length === 0 ? [] : [`options ${stated.join(' ')}`]),
    '',
  ].join('\n');
}
