// The file by which kubectl finds the lab and proves who it is; it holds a secret, so nobody else may read it.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';

export interface Access {
  /** `https://127.0.0.1:6443`. */
  readonly server: string;
  /** PEM of the lab's authority. */
  readonly authority: string;
  readonly user: string;
  readonly token: string;
}

const NAME = 'orrery';

/** YAML in block style. */
export function kubeconfigText({ server, authority, user, token }: Access): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: ${NAME}
  cluster:
    certificate-authority-data: ${Buffer.from(authority).toString('base64')}
    server: ${server}
users:
- name: ${user}
  user:
    token: ${token}
contexts:
- name: ${NAME}
  context:
    cluster: ${NAME}
    user: ${user}
current-context: ${NAME}
preferences: {}
`;
}

/**
 * Writes it so that only its owner can read it, even when a file with other rights was there before.
 * Throws for a kubeconfig that leads to other clusters as well: it may hold the only key to them.
 */
export function writeKubeconfig(path: string, access: Access): void {
  if (existsSync(path) && leadsElsewhere(readFileSync(path, 'utf8')))
    throw new Error('it leads to other clusters than the lab; name a file of its own');
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w', 0o600);
  try {
    chmodSync(path, 0o600);
    writeFileSync(file, kubeconfigText(access));
  } finally {
    closeSync(file);
  }
}

function leadsElsewhere(text: string): boolean {
  const clusters = parseDocument(text).get('clusters');
  return isSeq(clusters) && clusters.items.some((cluster) => !isMap(cluster) || cluster.get('name') !== NAME);
}
