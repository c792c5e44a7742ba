// What no autoscaler may ever do: set a size that is beyond its limits, or say that it wants one.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { HorizontalPodAutoscaler } from '../../src-main/engine/kinds/autoscaling/autoscaler.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';

const ACTOR = 'horizontal-pod-autoscaler';
const SCALED = new Set(['Deployment.apps', 'ReplicaSet.apps', 'StatefulSet.apps', 'ReplicationController']);
type Scaled = ApiObject & { readonly spec?: { readonly replicas?: number } };

export class AutoscalerRules {
  /** Limits that each target has had, with the one that was last replaced: news is late. */
  readonly #limits = new Map<string, readonly (readonly [min: number, max: number])[]>();

  hear({ kind, key, type, object, previous, cause }: Delta): readonly string[] {
    if (kind === 'HorizontalPodAutoscaler.autoscaling') {
      const { metadata, spec, status } = object as HorizontalPodAutoscaler;
      const target = `${spec.scaleTargetRef.kind} ${metadata.namespace}/${spec.scaleTargetRef.name}`;
      const known = this.#limits.get(target) ?? [];
      this.#limits.set(target, [...known.slice(-3), [spec.minReplicas ?? 1, spec.maxReplicas]]);
      const isNegative = status.desiredReplicas < 0 || (status.currentReplicas ?? 0) < 0;
      return isNegative ? [`wants ${status.desiredReplicas} of ${status.currentReplicas}`] : [];
    }
    if (!SCALED.has(kind) || type !== 'MODIFIED' || !cause.actor.endsWith(ACTOR)) return [];
    const [now, before] = [(object as Scaled).spec?.replicas ?? 0, (previous as Scaled | null)?.spec?.replicas ?? 0];
    const limits = this.#limits.get(`${object.kind} ${key}`) ?? [];
    return now === before || limits.some(([min, max]) => now >= min && now <= max) ? [] : [`was resized to ${now}, beyond all limits`];
  }
}
