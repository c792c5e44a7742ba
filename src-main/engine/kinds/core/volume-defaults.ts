// Fills in what the author of a pod's volume may leave out. upstream: pkg/apis/core/v1/defaults.go SetDefaults_Volume and the volume sources
import type * as core from 'kubernetes-types/core/v1.d.ts';
import type { Value } from '../../meta/object.ts';
import type { Volume } from './pod-spec.ts';

const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3600;

export function defaultVolume(volume: Volume): Volume {
  const { secret, configMap, downwardAPI, projected, hostPath, ephemeral } = volume;
  if (Object.keys(volume).every((key) => key === 'name')) return { ...volume, emptyDir: {} };
  if (secret !== undefined && secret.defaultMode === undefined) return { ...volume, secret: { ...secret, defaultMode: FILE_MODE } };
  if (configMap !== undefined && configMap.defaultMode === undefined)
    return { ...volume, configMap: { ...configMap, defaultMode: FILE_MODE } };
  if (downwardAPI !== undefined) {
    const items = withFieldVersions(downwardAPI.items);
    if (downwardAPI.defaultMode === undefined || items !== downwardAPI.items)
      return { ...volume, downwardAPI: { ...downwardAPI, ...(items && { items }), defaultMode: downwardAPI.defaultMode ?? FILE_MODE } };
  }
  if (projected !== undefined) return defaultProjected(volume, projected);
  if (hostPath !== undefined && hostPath.type === undefined) return { ...volume, hostPath: { ...hostPath, type: '' } };
  const claim = ephemeral?.volumeClaimTemplate;
  if (claim !== undefined && claim.spec?.volumeMode === undefined)
    return { ...volume, ephemeral: { ...ephemeral, volumeClaimTemplate: { ...claim, spec: { ...claim.spec, volumeMode: 'Filesystem' } } } };
  return volume;
}

function defaultProjected(volume: Volume, projected: Value<core.ProjectedVolumeSource>): Volume {
  let changed = projected.defaultMode === undefined;
  const sources = (projected.sources ?? []).map((source) => {
    const { serviceAccountToken: token, downwardAPI } = source;
    if (token !== undefined && token.expirationSeconds === undefined) {
      changed = true;
      return { ...source, serviceAccountToken: { ...token, expirationSeconds: TOKEN_SECONDS } };
    }
    const items = withFieldVersions(downwardAPI?.items);
    if (downwardAPI === undefined || items === downwardAPI.items) return source;
    changed = true;
    return { ...source, downwardAPI: { ...downwardAPI, ...(items && { items }) } };
  });
  return changed ? { ...volume, projected: { ...projected, sources, defaultMode: projected.defaultMode ?? FILE_MODE } } : volume;
}

type Files = readonly Value<core.DownwardAPIVolumeFile>[] | undefined;

function withFieldVersions(items: Files): Files {
  if (items?.some(({ fieldRef }) => fieldRef !== undefined && fieldRef.apiVersion === undefined) !== true) return items;
  return items.map((item) => (item.fieldRef === undefined ? item : { ...item, fieldRef: { apiVersion: 'v1', ...item.fieldRef } }));
}
