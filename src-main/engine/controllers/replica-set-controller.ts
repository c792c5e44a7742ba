// ReplicaSets keep their number of pods.
import { type ReplicaSet, replicaSetKind } from '../kinds/apps/replica-set.ts';
import type { Kind } from '../kinds/kind.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { type ReplicaOwner, replicaController } from './replica-set/replica-controller.ts';

export const replicaSetController = replicaController<ReplicaSet & ReplicaOwner>({
  name: 'replicaset-controller',
  kind: replicaSetKind as unknown as Kind<ReplicaSet & ReplicaOwner>,
  matcher: (set) => selectorFor(set.spec.selector),
});
