// The inside of a container for whoever looks: its log as `kubectl logs` gets it from the API server, and the files it sees.
import type { ContainerLook } from '../contract/container.ts';
import { parseTimestamp } from '../engine/base/timestamp.ts';
import { ADMIN, type Cluster } from '../engine/cluster.ts';
import { splitKey } from '../engine/meta/object.ts';
import { hasZeros, zerosIn } from '../engine/runtime/zero-bytes.ts';

/** More than a panel can show. */
const FILES_MAX = 500;
const LINES_MAX = 500;

export function lookIntoContainer(cluster: Cluster, key: string, container: string, previous: boolean): ContainerLook {
  const pod = cluster.store.get('Pod', key);
  if (pod === undefined) throw new Error(`There is no Pod "${key}" (any more).`);
  const files = (cluster.filesOf(pod.metadata.uid, container) ?? []).slice(0, FILES_MAX).map(withoutZeros);
  return { ...logOf(cluster, key, container, previous), files };
}

/** A file that somebody made to fill a disk says only how large it is. */
export function withoutZeros<T extends { readonly content: string }>(file: T): T & { readonly zeros?: number } {
  if (!hasZeros(file.content)) return file;
  const { all, rest } = zerosIn(file.content);
  return { ...file, content: rest, zeros: all };
}

function logOf(cluster: Cluster, key: string, container: string, previous: boolean): Pick<ContainerLook, 'log' | 'trouble'> {
  const { namespace, name } = splitKey(key);
  const { code, body } = cluster.rest.answer({
    method: 'GET',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
    query: [
      ['container', container],
      ['timestamps', 'true'],
      ['tailLines', String(LINES_MAX)],
      ['previous', String(previous)],
    ],
    accept: '*/*',
    contentType: '',
    user: { name: ADMIN, groups: ['system:masters', 'system:authenticated'] },
    agent: 'orrery',
  });
  if (code >= 300) return { log: [], trouble: (body as { readonly message: string }).message };
  const { epochMs } = cluster.timeline;
  const log = String(body)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const end = line.indexOf(' ');
      return { atMs: (parseTimestamp(line.slice(0, end)) ?? epochMs) - epochMs, text: line.slice(end + 1) };
    });
  return { log, trouble: '' };
}
