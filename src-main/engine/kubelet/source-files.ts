// The files that config maps, secrets, the pod itself and tokens become in a volume: chosen keys at chosen paths, several sources in one.
// upstream: pkg/volume/configmap, pkg/volume/secret (MakePayload), pkg/volume/downwardapi, pkg/volume/projected
import { decodeBase64 } from '../kinds/core/base64.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { quantityMilliValue, quantityValue } from '../meta/quantity.ts';
import { FILE_MODE } from '../runtime/tar.ts';
import { accountToken } from './account-token.ts';
import { MODE_MARK } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';

/** Content by path. */
export type Files = Readonly<Record<string, string>>;

const PRIVATE_MODE = 0o600;
const GROUP_READS = 0o440;

type Volume = NonNullable<Pod['spec']['volumes']>[number];
type Item = { readonly key: string; readonly path: string };
interface ItemMode {
  readonly path: string;
  readonly mode?: number;
}
type DownwardItem = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

/** With their modes. undefined: the volume is of another sort. */
export function sourceFiles(world: KubeletWorld, pod: Pod, volume: Volume): Files | undefined {
  const files = contents(world, pod, volume);
  return files && { ...files, ...modesOf(Object.keys(files), pod, volume) };
}

function contents(world: KubeletWorld, pod: Pod, volume: Volume): Files | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return picked(configMapData(world, pod, configMap.name), configMap.items);
  if (secret !== undefined) return picked(secretData(world, pod, secret.secretName), secret.items);
  if (downwardAPI !== undefined) return downwardFiles(pod, downwardAPI.items);
  if (projected === undefined) return undefined;
  const files: Record<string, string> = {};
  for (const source of projected.sources ?? []) {
    if (source.configMap !== undefined)
      Object.assign(files, picked(configMapData(world, pod, source.configMap.name), source.configMap.items));
    if (source.secret !== undefined) Object.assign(files, picked(secretData(world, pod, source.secret.name), source.secret.items));
    if (source.downwardAPI !== undefined) Object.assign(files, downwardFiles(pod, source.downwardAPI.items));
    if (source.serviceAccountToken !== undefined) Object.assign(files, accountToken(world, pod, source.serviceAccountToken));
  }
  return files;
}

/** Those that are not as every file's. A token is for its user alone; a group that the pod's volumes are for may read everything. upstream: projected.collectData, pkg/volume/volume_linux.go changeFilePermission */
function modesOf(paths: readonly string[], { spec }: Pod, { configMap, secret, downwardAPI, projected }: Volume): Files {
  const sources = projected?.sources ?? [{ configMap, secret, downwardAPI }];
  const items = sources.flatMap((source): readonly ItemMode[] => [
    ...(source.configMap?.items ?? []),
    ...(source.secret?.items ?? []),
    ...(source.downwardAPI?.items ?? []),
  ]);
  const tokens = (projected?.sources ?? []).map(({ serviceAccountToken }) => serviceAccountToken?.path);
  const { defaultMode = FILE_MODE } = configMap ?? secret ?? downwardAPI ?? projected ?? {};
  const isForGroup = spec.securityContext?.fsGroup !== undefined;
  const modes = paths.map((path) => {
    const isPrivate = tokens.includes(path) && (isForGroup || isForOneUser(spec));
    const own = isPrivate ? PRIVATE_MODE : (items.find((item) => item.path === path)?.mode ?? defaultMode);
    return [`${path}${MODE_MARK}`, isForGroup ? own | GROUP_READS : own] as const;
  });
  return Object.fromEntries(modes.flatMap(([key, mode]) => (mode === FILE_MODE ? [] : [[key, mode.toString(8)]])));
}

/** Do all containers say that they run as the same user? upstream: pkg/volume/util/util.go FsUserFrom */
function isForOneUser({ containers, initContainers = [], securityContext: whole }: Pod['spec']): boolean {
  const users = new Set([...initContainers, ...containers].map(({ securityContext }) => securityContext?.runAsUser ?? whole?.runAsUser));
  return users.size === 1 && !users.has(undefined);
}

/** A key that is to be mounted and is not there, as upstream complains about it; '' when all are. upstream: configmap.MakePayload */
export function missingKey(world: KubeletWorld, pod: Pod, { configMap, secret, projected }: Volume): string {
  const sources = [
    { configMap, secret: secret === undefined ? undefined : { ...secret, name: secret.secretName } },
    ...(projected?.sources ?? []),
  ];
  for (const source of sources) {
    const key = absentKey(source.configMap, (name) => configMapData(world, pod, name));
    if (key !== '') return `configmap references non-existent config key: ${key}`;
    const secretKey = absentKey(source.secret, (name) => secretData(world, pod, name));
    if (secretKey !== '') return `references non-existent secret key: ${secretKey}`;
  }
  return '';
}

interface Source {
  readonly name?: string | undefined;
  readonly optional?: boolean;
  readonly items?: readonly Item[];
}

function absentKey(source: Source | undefined, dataOf: (name: string | undefined) => Files): string {
  const { name, optional = false, items = [] } = source ?? {};
  if (optional || items.length === 0) return '';
  const data = dataOf(name);
  return items.find(({ key }) => !Object.hasOwn(data, key))?.key ?? '';
}

function picked(data: Files, items: readonly Item[] | undefined): Files {
  if (items === undefined || items.length === 0) return data;
  return Object.fromEntries(items.flatMap(({ key, path }) => (Object.hasOwn(data, key) ? [[path, data[key] as string]] : [])));
}

export function configMapData({ configMaps }: KubeletWorld, { metadata }: Pod, name = ''): Files {
  const { data = {}, binaryData = {} } = configMaps.get(`${metadata.namespace}/${name}`) ?? {};
  return { ...data, ...decoded(binaryData) };
}

export function secretData({ secrets }: KubeletWorld, { metadata }: Pod, name = ''): Files {
  return decoded(secrets.get(`${metadata.namespace}/${name}`)?.data ?? {});
}

function decoded(data: Files): Files {
  return Object.fromEntries(Object.entries(data).map(([key, encoded]) => [key, decodeBase64(encoded)]));
}

function downwardFiles(pod: Pod, items: readonly DownwardItem[] = []): Files {
  return Object.fromEntries(items.map((item) => [item.path, downwardText(pod, item)]));
}

// upstream: pkg/fieldpath ExtractFieldPathAsString, resource.ExtractContainerResourceValue
function downwardText(pod: Pod, { fieldRef, resourceFieldRef }: DownwardItem): string {
  if (fieldRef !== undefined) return fieldText(pod, fieldRef.fieldPath);
  if (resourceFieldRef === undefined) return '';
  const { containerName, resource, divisor = '1' } = resourceFieldRef;
  const [side, name = ''] = resource.split('.');
  const container = pod.spec.containers.find((one) => one.name === containerName);
  const amount = container?.resources?.[side === 'limits' ? 'limits' : 'requests']?.[name] ?? '0';
  const [value, unit] =
    name === 'cpu' ? [quantityMilliValue(amount), quantityMilliValue(divisor)] : [quantityValue(amount), quantityValue(divisor)];
  return String(Math.ceil(value / (unit === 0 ? (name === 'cpu' ? 1000 : 1) : unit)));
}

/** `key="value"` lines for maps; one key of a map by its name in brackets. */
function fieldText({ metadata }: Pod, path: string): string {
  const lines = (map: Files = {}): string =>
    Object.entries(map)
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .sort()
      .join('\n');
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (map !== undefined && key !== undefined) return (map === 'labels' ? metadata.labels : metadata.annotations)?.[key] ?? '';
  if (path === 'metadata.labels') return lines(metadata.labels);
  if (path === 'metadata.annotations') return lines(metadata.annotations);
  if (path === 'metadata.name') return metadata.name;
  if (path === 'metadata.namespace') return metadata.namespace;
  return path === 'metadata.uid' ? metadata.uid : '';
}
