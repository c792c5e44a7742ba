// ReplicationControllers keep their number of pods, by the rules of ReplicaSets.
import { type ReplicationController, replicationControllerKind } from '../kinds/core/replication-controller.ts';
import type { Kind } from '../kinds/kind.ts';
import { selectorForMap } from '../meta/label-selector.ts';
import { type ReplicaOwner, replicaController } from './replica-set/replica-controller.ts';

export const replicationController = replicaController<ReplicationController & ReplicaOwner>({
  name: 'replication-controller',
  kind: replicationControllerKind as unknown as Kind<ReplicationController & ReplicaOwner>,
  matcher: (controller) => selectorForMap(controller.spec.selector ?? {}),
});
