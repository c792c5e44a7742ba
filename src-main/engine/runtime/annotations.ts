// The annotations by which a manifest tells what no manifest can tell of a container: the one table of them.

/** Every name, with what it means. `orrery.dev/<name>` speaks of all containers of the pod, `orrery.dev/<name>.<container>` of one. */
export const ANNOTATIONS = {
  'start-up-seconds': 'until the service answers on its ports',
  'exit-after-seconds': 'the process ends by itself after this time',
  'exit-code': 'its exit code then, and after SIGTERM',
  'stop-seconds': 'from SIGTERM to its exit',
  'ignore-sigterm': 'true: only SIGKILL ends it',
  'http-errors-after-seconds': 'from then on it answers every HTTP request with 500',
  'cpu-millis': 'thousandths of a core it uses when it has nothing to do',
  'cpu-millis-per-request': 'milliseconds of one core that a request takes',
  'start-up-cpu-millis': 'thousandths of a core it uses until it answers',
  'memory-bytes': 'memory it uses from the start',
  'memory-growth-bytes-per-second': 'memory it goes on taking; over the limit it is OOMKilled',
  'disk-bytes': 'disk space it uses from the start, in its own layer',
  'disk-growth-bytes-per-second': 'disk space it goes on taking; over its limit, or when the node runs short, the pod is evicted',
  inodes: 'files it has written from the start, in its own layer',
  'inode-growth-per-second': 'files it goes on writing; when the node runs short of inodes, the pod is evicted',
  processes: 'processes it runs from the start; 1 unless stated',
  'process-growth-per-second': 'processes it goes on starting; when the node runs short of process ids, the pod is evicted',
  'image-bytes': 'size of the image to pull',
  'image-missing': 'true: the registry does not have the image',
} as const;

export type AnnotationName = keyof typeof ANNOTATIONS;
type Annotations = Readonly<Record<string, string>> | undefined;

const PREFIX = 'orrery.dev/';

/** Do both tell the same? What else is annotated, perhaps every second by an agent, means nothing to a container. */
export function tellSame(one: Annotations, other: Annotations): boolean {
  return one === other || (holdsAll(one, other) && holdsAll(other, one));
}

function holdsAll(one: Annotations, other: Annotations): boolean {
  for (const name in other) if (name.startsWith(PREFIX) && other[name] !== one?.[name]) return false;
  return true;
}

/** The value for a container, or undefined. */
export function annotationOf(annotations: Annotations, container: string, name: AnnotationName): string | undefined {
  return annotations?.[`${PREFIX}${name}.${container}`] ?? annotations?.[`${PREFIX}${name}`];
}

/** The same as a number; text that is no number of at least 0 is as good as absent. */
export function numberOf(annotations: Annotations, container: string, name: AnnotationName): number | undefined {
  const text = annotationOf(annotations, container, name);
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
