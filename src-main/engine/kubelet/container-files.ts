// The files a container sees: its own layer, and volumes mounted over it; what lives how long follows from where a path leads.

import { compareText } from '../base/compare-text.ts';
import type { PersistentVolume } from '../kinds/core/persistent-volume.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { claimNameOf } from '../kinds/core/pod-claims.ts';
import { fitting } from '../runtime/byte-length.ts';
import { insideOf } from '../runtime/file-paths.ts';
import type { WriteFault } from '../runtime/file-tree.ts';
import { imageFacts, parseImage } from '../runtime/image-catalogue.ts';
import type { ShellNetwork } from '../runtime/network-commands.ts';
import type { ShellWorld } from '../runtime/shell-world.ts';
import { groupName, type ShellSystem, userName } from '../runtime/system-commands.ts';
import { systemFile, systemPaths } from '../runtime/system-files.ts';
import { DIRECTORY_MODE, FILE_MODE } from '../runtime/tar.ts';
import { hasZeros, spelledOut } from '../runtime/zero-bytes.ts';
import { environmentVariable, subPathOf, wholeEnvironment } from './container-environment.ts';
import { blocksOf } from './disk-blocks.ts';
import { bare, makeMounted } from './host-path.ts';
import { type ContainerState, MODE_MARK, type PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { MANAGED, managedFile } from './managed-files.ts';
import type { Container } from './pod-types.ts';
import { sourceFiles } from './source-files.ts';
import { terminationMessagePathOf } from './termination-message.ts';
import { nodeSpace, type Space, volumeSpace } from './volume-space.ts';

const READ_ONLY = 'Read-only file system';
/** Of a file, zeros aside: the lab keeps no more, however large the disk. */
const LENGTH_MAX = 50_000_000;

/** One place that holds files. */
interface Place {
  read(path: string): string | undefined;
  /** undefined removes. */
  write(path: string, content: string | undefined): WriteFault;
  /** undefined: the usual one. */
  mode(path: string): number | undefined;
  setMode(path: string, mode: number): boolean;
  paths(): readonly string[];
  /** Of the file system around it; null: nothing is written there. */
  space(): Space | null;
}

/** What names of variables end with that tell of Services. upstream: pkg/kubelet/envvars/envvars.go */
const OF_SERVICES = /_(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)/;

/** A file as somebody sees it who looks into the container. */
export interface SeenFile {
  readonly path: string;
  readonly content: string;
  /** Name of the volume it lies on; '' for the container's own layer. */
  readonly volume: string;
  readonly mode?: number;
}

/** A container's view of the world for its shell. */
export class ContainerFiles implements ShellWorld {
  output = '';
  complaints = '';
  /** Of what a process writes only the newest counts; somebody who runs a command wants all of it. */
  outputMax = 4_096;
  /** What standard input holds. */
  input = '';
  /** Absent where nothing may depend on others. */
  network: ShellNetwork | undefined;
  /** Absent where nobody looks at the machine. */
  system: ShellSystem | undefined;
  /** Did anything change that another reader of the files may see? */
  changed = false;
  /** Did something come or go that may fill a disk? */
  swelled = false;
  readonly #world: KubeletWorld;
  readonly #pod: PodState;
  readonly #object: Pod;
  readonly #container: Container;
  readonly #state: ContainerState;
  readonly #program: (argv: readonly string[]) => number | null;
  readonly #onNode = (): Space => nodeSpace(this.#world, this.#pod.node);

  constructor(
    world: KubeletWorld,
    pod: PodState,
    object: Pod,
    container: Container,
    state: ContainerState,
    program: (argv: readonly string[]) => number | null,
  ) {
    this.#world = world;
    this.#pod = pod;
    this.#object = object;
    this.#container = container;
    this.#state = state;
    this.#program = program;
  }

  read(path: string): string | null {
    const [place, at] = this.#find(path);
    return place.read(at) ?? managedFile(path, this.#object, this.#pod.ip) ?? this.#systemFile(path) ?? null;
  }

  write(path: string, content: string): WriteFault {
    this.changed = true;
    const [place, at] = this.#find(path);
    const before = place.read(at);
    this.swelled ||= hasZeros(content) || hasZeros(before ?? '');
    const known = before === undefined ? 0 : blocksOf({ [at]: before });
    const more = blocksOf({ [at]: content }) - known;
    const space = more > 0 ? place.space() : null;
    const isTooLong = content.length > LENGTH_MAX;
    const left = isTooLong ? 0 : space === null ? more : Math.max(0, space.totalBytes - space.usedBytes);
    if (more <= left) return place.write(at, content);
    const fault = at.endsWith('/') ? '' : place.write(at, fitting(content, known + left));
    return fault === '' ? (space?.fault ?? 'No space left on device') : fault;
  }

  setMode(path: string, mode: number): boolean {
    this.changed = true;
    const [place, at] = this.#find(path);
    return place.setMode(at, mode);
  }

  remove(path: string): boolean {
    this.changed = true;
    const [place, at] = this.#find(path);
    const gone = place.paths().filter((other) => other === at || other.startsWith(`${at}/`));
    this.swelled ||= gone.some((other) => hasZeros(place.read(other) ?? ''));
    return gone.length > 0 && gone.every((other) => place.write(other, undefined) === '');
  }

  exists(path: string): boolean {
    const [place, at] = this.#find(path);
    if (at === '' || managedFile(path, this.#object, this.#pod.ip) !== undefined || this.#systemFile(path) !== undefined) return true;
    return place.paths().some((other) => other === at || other.startsWith(`${at}/`));
  }

  get directory(): string {
    return this.#container.workingDir ?? '/';
  }

  get mounts(): readonly string[] {
    return (this.#container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
  }

  /** Systems that are nothing but a system hold what every system holds; what else is in images nobody knows. */
  mayHold(path: string): boolean {
    return !this.mounts.some((mount) => path.startsWith(insideOf(mount))) && imageFacts(this.#container.image ?? '').kind !== 'shell';
  }

  get owner(): { readonly user: string; readonly group: string } {
    const { id, group } = this.system?.user ?? { id: 0, group: 0 };
    return { user: userName(id), group: groupName(group) };
  }

  get since(): string {
    return this.#state.startedAt;
  }

  /** With those that are there whatever the image holds. */
  files(): readonly SeenFile[] {
    const own = this.all();
    const known = new Set(own.map(({ path }) => path));
    const others = [...MANAGED, ...(this.system === undefined ? [] : systemPaths(this.#container.image ?? ''))].filter(
      (path) => !known.has(path),
    );
    return [...own, ...others.map((path) => ({ path, content: this.read(path) ?? '', volume: '' }))];
  }

  /** Everything that can be seen, by path. */
  all(): readonly SeenFile[] {
    const mounts = this.#container.volumeMounts ?? [];
    const found = [['', '/'] as const, ...mounts.map(({ name, mountPath }) => [name, mountPath] as const)].flatMap(([volume, root]) => {
      const [place, at] = this.#find(root);
      const inside = at === '' || at === '/' ? '' : `${at}/`;
      const under = root.endsWith('/') ? root : `${root}/`;
      return place.paths().flatMap((name): SeenFile[] => {
        // A file of a volume may be mounted by itself.
        const isMounted = volume !== '' && name === at;
        if (!isMounted && !name.startsWith(inside)) return [];
        const path = volume === '' ? name : isMounted ? root : `${under}${name.slice(inside.length)}`;
        // A volume hides what lies below its place.
        if (this.#find(path)[0].read(this.#find(path)[1]) === undefined) return [];
        const mode = place.mode(name);
        return [{ path, content: place.read(name) ?? '', volume, ...(mode === undefined ? {} : { mode }) }];
      });
    });
    const byPath = new Map(found.map((file) => [file.path, file]));
    return [...byPath.values()].sort((one, other) => compareText(one.path, other.path));
  }

  environment(name: string): string | undefined {
    const own = environmentVariable(name, this.#object, this.#pod, this.#container, this.#state.environment);
    return own ?? (OF_SERVICES.test(name) ? new Map(this.variables()).get(name) : undefined);
  }

  variables(): readonly (readonly [string, string])[] {
    const { metadata, spec } = this.#object;
    const services = this.#world.context.network.servicesFor(metadata.namespace);
    // A process keeps the environment that it was started with.
    const known = services.filter(({ metadata: { creationTimestamp = '', namespace } }) => {
      const isLinked = spec.enableServiceLinks !== false || namespace !== metadata.namespace;
      return isLinked && creationTimestamp <= this.#state.startedAt;
    });
    return [...wholeEnvironment(this.#object, this.#pod, this.#container, this.#state.environment, known)];
  }

  timestamp(): string {
    return this.#world.context.time.timestamp();
  }

  program(argv: readonly string[]): number | null {
    return this.#program(argv);
  }

  #systemFile(path: string): string | undefined {
    return this.system === undefined ? undefined : systemFile(path, this.#container.image ?? '', this.system);
  }

  print(text: string): void {
    this.output = (this.output + spelledOut(text, this.outputMax)).slice(-this.outputMax);
  }

  complain(text: string): void {
    this.complaints = (this.complaints + text).slice(-4096);
  }

  #find(path: string): readonly [Place, string] {
    const absolute = path.startsWith('/') ? path : `${this.#container.workingDir ?? ''}/${path}`;
    // A file of the container's own is mounted there, whatever volume lies around it. upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go makeMounts
    if (absolute === terminationMessagePathOf(this.#container)) return [this.#layer(), absolute];
    let best: NonNullable<Container['volumeMounts']>[number] | undefined;
    for (const mount of this.#container.volumeMounts ?? []) {
      const under =
        absolute === mount.mountPath || absolute.startsWith(mount.mountPath.endsWith('/') ? mount.mountPath : `${mount.mountPath}/`);
      if (under && (best === undefined || mount.mountPath.length > best.mountPath.length)) best = mount;
    }
    if (best === undefined) return [this.#layer(), absolute];
    const rest = absolute.slice(best.mountPath.length).replace(/^\//, '');
    const within = this.#subPath(best);
    const inside = within === '' ? rest : rest === '' ? within : `${within}/${rest}`;
    const place = this.#volume(best.name);
    return [best.readOnly === true ? { ...place, write: () => READ_ONLY, setMode: () => false, space: () => null } : place, inside];
  }

  #subPath({ subPath = '', subPathExpr = '' }: NonNullable<Container['volumeMounts']>[number]): string {
    return subPathExpr === '' ? subPath : subPathOf(subPathExpr, this.#object, this.#pod, this.#container, this.#state.environment).path;
  }

  #layer(): Place {
    this.#state.files ??= {};
    return inMemory(this.#state.files, this.#onNode);
  }

  #volume(name: string): Place {
    const volume = this.#object.spec.volumes?.find((candidate) => candidate.name === name);
    const { namespace } = this.#object.metadata;
    if (volume?.hostPath !== undefined) return below(this.#world.node(this.#pod.node).files, volume.hostPath.path, this.#onNode);
    const written = volume === undefined ? undefined : sourceFiles(this.#world, this.#object, volume);
    if (written !== undefined) return fixed(written);
    const claim = volume === undefined ? undefined : claimNameOf(this.#object, volume);
    const ofVolume = (): Space | null =>
      volume === undefined ? null : (volumeSpace(this.#world, this.#pod, this.#object, volume) ?? null);
    if (claim !== undefined) return this.#disk(`${namespace}/${claim}`, ofVolume);
    this.#pod.files ??= {};
    const files = this.#pod.files[name] ?? {};
    this.#pod.files[name] = files;
    return inMemory(files, volume?.emptyDir?.medium === 'Memory' ? ofVolume : this.#onNode);
  }

  /** The container is made: what its mounts lead to on the node has to be there. */
  makeMounts(): void {
    const { files } = this.#world.node(this.#pod.node);
    const { metadata, spec } = this.#object;
    for (const mount of this.#container.volumeMounts ?? []) {
      const volume = spec.volumes?.find(({ name }) => name === mount.name);
      const claim = volume === undefined ? undefined : claimNameOf(this.#object, volume);
      const hostPath =
        volume?.hostPath ?? (claim === undefined ? undefined : this.#boundTo(`${metadata.namespace}/${claim}`)?.spec.hostPath);
      if (hostPath !== undefined) makeMounted(files, hostPath);
    }
  }

  #boundTo(claim: string): PersistentVolume | undefined {
    return this.#world.volumes.get(this.#world.claims.get(claim)?.spec.volumeName ?? '');
  }

  #disk(claim: string, space: () => Space | null): Place {
    const { physics } = this.#world.context;
    const volume = this.#boundTo(claim);
    const onNode = volume?.spec.hostPath ?? volume?.spec.local;
    if (onNode !== undefined) return below(this.#world.node(this.#pod.node).files, onNode.path, this.#onNode);
    const handle = volume?.spec.csi?.volumeHandle ?? volume?.metadata.name ?? '';
    const disk = physics.get('disk', handle);
    if (disk === undefined || disk.lost) return fixed({});
    return placeOf(
      () => physics.get('disk', handle)?.files ?? {},
      (path, content) => {
        const { [path]: _, ...others } = physics.get('disk', handle)?.files ?? {};
        physics.change('disk', handle, { files: content === undefined ? others : { ...others, [path]: content } });
        return '';
      },
      space,
    );
  }
}

function inMemory(files: Record<string, string>, space: () => Space | null): Place {
  return placeOf(
    () => files,
    (path, content) => {
      if (content === undefined) delete files[path];
      else files[path] = content;
      return '';
    },
    space,
  );
}

/** Modes lie beside the files they are of, under names that no file can have, so that they go wherever the files go. */
function placeOf(
  files: () => Readonly<Record<string, string>>,
  put: (path: string, content: string | undefined) => WriteFault,
  space: () => Space | null,
): Place {
  const read = (path: string): string | undefined => (Object.hasOwn(files(), path) ? files()[path] : undefined);
  return {
    read,
    write: (path, content) => {
      if (content === undefined && read(modeKey(path)) !== undefined) put(modeKey(path), undefined);
      return put(path, content);
    },
    mode: (path) => {
      const text = read(modeKey(path));
      return text === undefined ? undefined : Number.parseInt(text, 8);
    },
    setMode: (path, mode) => {
      const isUsual = mode === (path.endsWith('/') ? DIRECTORY_MODE : FILE_MODE);
      return (isUsual && read(modeKey(path)) === undefined) || put(modeKey(path), isUsual ? undefined : mode.toString(8)) === '';
    },
    paths: () => Object.keys(files()).filter((path) => !path.endsWith(MODE_MARK)),
    space,
  };
}

const modeKey = (path: string): string => `${path}${MODE_MARK}`;

/** What lies below a path; the file that lies there itself has no name. */
function below(files: Record<string, string>, given: string, space: () => Space): Place {
  const place = inMemory(files, space);
  const root = bare(given);
  const at = (path: string): string => (path === '' ? root : `${root}/${path}`);
  return {
    read: (path) => place.read(at(path)),
    write: (path, content) => place.write(at(path), content),
    mode: (path) => place.mode(at(path)),
    setMode: (path, mode) => place.setMode(at(path), mode),
    paths: () =>
      place
        .paths()
        .filter((path) => path === root || (path.startsWith(`${root}/`) && path !== `${root}/`))
        .map((path) => path.slice(root.length + 1)),
    space,
  };
}

function fixed(data: Readonly<Record<string, string>>): Place {
  return {
    ...placeOf(
      () => data,
      () => READ_ONLY,
      () => null,
    ),
    setMode: () => false,
  };
}

/** The image id as the runtime reports it: a digest that depends on the reference alone. */
export function imageId(image: string): string {
  const known = imageIds.get(image);
  if (known !== undefined) return known;
  const { registry, repository, full } = parseImage(image);
  let digest = '';
  for (let part = 0; part < 8; part += 1) {
    let hash = 0x811c9dc5 ^ part;
    for (let at = 0; at < full.length; at += 1) hash = Math.imul(hash ^ full.charCodeAt(at), 0x01000193);
    digest += (hash >>> 0).toString(16).padStart(8, '0');
  }
  const id = `${registry}/${repository}@sha256:${digest}`;
  if (imageIds.size < 1000) imageIds.set(image, id);
  return id;
}

const imageIds = new Map<string, string>();
