// The ordered list of controllers: they start in this order, and one that is not here does not run.
import type { AnyController } from '../client/component.ts';
import { deploymentController } from './deployment-controller.ts';
import { replicaSetController } from './replica-set-controller.ts';
import { replicationController } from './replication-controller.ts';

export const controllers: readonly AnyController[] = [replicationController, replicaSetController, deploymentController];
