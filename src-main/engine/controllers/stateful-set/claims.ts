// The claims of a StatefulSet's pods: one for each template and pod, which outlive the pod so that it finds its data again.
// upstream: pkg/controller/statefulset/stateful_set_utils.go getPersistentVolumeClaims, updateStorage, storageMatches
import type { ClaimTemplate, StatefulSet } from '../../kinds/apps/stateful-set.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { PodSpec, Volume } from '../../kinds/core/pod-spec.ts';
import type { Draft } from '../../meta/object.ts';
import { claimNameOf, ordinalOf } from './identity.ts';

export interface WantedClaim {
  readonly template: string;
  readonly name: string;
  readonly draft: Draft<PersistentVolumeClaim>;
}

/** In the order of the templates. */
export function wantedClaims(set: StatefulSet, ordinal: number): readonly WantedClaim[] {
  return templatesOf(set).map((template) => {
    const name = claimNameOf(set, template, ordinal);
    const labels = { ...template.metadata?.labels, ...set.spec.selector.matchLabels };
    const { annotations } = template.metadata ?? {};
    const metadata = {
      name,
      namespace: set.metadata.namespace,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(annotations !== undefined && { annotations }),
    };
    const draft = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: template.spec ?? {} } as Draft<PersistentVolumeClaim>;
    return { template: template.metadata?.name ?? '', name, draft };
  });
}

export function templatesOf(set: StatefulSet): readonly ClaimTemplate[] {
  return set.spec.volumeClaimTemplates ?? [];
}

/** A volume of the template's name gives way to the claim. */
export function withClaimVolumes(set: StatefulSet, ordinal: number, spec: PodSpec): PodSpec {
  const templates = templatesOf(set);
  if (templates.length === 0) return spec;
  const names = new Set(templates.map(({ metadata }) => metadata?.name));
  const claims: readonly Volume[] = templates.map((template) => ({
    name: template.metadata?.name ?? '',
    persistentVolumeClaim: { claimName: claimNameOf(set, template, ordinal) },
  }));
  return { ...spec, volumes: [...claims, ...(spec.volumes ?? []).filter(({ name }) => !names.has(name))] };
}

export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod);
  if (ordinal < 0) return false;
  return templatesOf(set).every((template) => {
    const volume = (pod.spec.volumes ?? []).find(({ name }) => name === template.metadata?.name);
    return volume?.persistentVolumeClaim?.claimName === claimNameOf(set, template, ordinal);
  });
}
