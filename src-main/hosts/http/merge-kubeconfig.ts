// Adds the lab to a person's own kubeconfig, and leaves everything else there as it is, comments included.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import type { Access } from './kubeconfig.ts';

/** Of cluster, user and context alike, so that a later lab takes the place of an earlier one. */
export const CONTEXT = 'orrery';

/** The file that kubectl changes. upstream: client-go tools/clientcmd ClientConfigLoadingRules.GetDefaultFilename */
export function ownKubeconfig(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const [first] = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return first ?? join(homedir(), '.kube', 'config');
}

/** Throws when the file is no kubeconfig; then nothing is changed. */
export function mergeKubeconfig(path: string, access: Access): void {
  const merged = mergedText(existsSync(path) ? readFileSync(path, 'utf8') : '', access);
  // It holds a secret.
  writeFileAtomically(path, merged, 0o600);
}

export function mergedText(text: string, { server, authority, token }: Access): string {
  const document = parseDocument(text.trim() === '' ? 'apiVersion: v1\nkind: Config\n' : text);
  if (document.errors.length > 0 || !isMap(document.contents)) throw new Error('the file is no kubeconfig: nothing was changed');
  const put = (list: string, part: string, value: object): void => {
    if (!isSeq(document.get(list))) document.set(list, document.createNode([]));
    const items = document.get(list) as YAMLSeq;
    const at = items.items.findIndex((item) => isMap(item) && item.get('name') === CONTEXT);
    const node = document.createNode({ name: CONTEXT, [part]: value });
    if (at < 0) items.items.push(node);
    else items.items[at] = node;
  };
  put('clusters', 'cluster', { 'certificate-authority-data': Buffer.from(authority).toString('base64'), server });
  put('users', 'user', { token });
  put('contexts', 'context', { cluster: CONTEXT, user: CONTEXT });
  document.set('current-context', CONTEXT);
  return document.toString();
}
