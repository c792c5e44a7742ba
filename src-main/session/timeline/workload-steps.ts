// The steps of Deployments and of objects that are only made, changed and deleted.
import type { Delta } from '../../engine/api/store.ts';
import type { Deployment } from '../../engine/kinds/apps/deployment.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { NO_STEPS, type StepDraft } from './step-draft.ts';

export function deploymentSteps({ type, object, previous }: Delta): readonly StepDraft[] {
  if (type !== 'MODIFIED') return objectSteps({ type } as Delta);
  const now = object as Deployment;
  const before = previous as Deployment;
  const steps: StepDraft[] = [];
  if (now.spec !== before.spec && now.metadata.generation !== before.metadata.generation)
    steps.push({ lane: 'workloads', tone: 'plain', what: 'deployment.changed', values: { generation: now.metadata.generation ?? 0 } });
  if (now.status === before.status) return steps;
  const available = findCondition(now.status.conditions, 'Available')?.status;
  if (available !== undefined && available !== findCondition(before.status.conditions, 'Available')?.status)
    steps.push(
      available === 'True'
        ? { lane: 'workloads', tone: 'good', what: 'deployment.available' }
        : { lane: 'workloads', tone: 'bad', what: 'deployment.unavailable', values: { available: now.status.availableReplicas ?? 0 } },
    );
  const progress = findCondition(now.status.conditions, 'Progressing')?.reason;
  if (progress !== findCondition(before.status.conditions, 'Progressing')?.reason) {
    if (progress === 'NewReplicaSetAvailable') steps.push({ lane: 'workloads', tone: 'good', what: 'deployment.complete' });
    else if (progress === 'ProgressDeadlineExceeded') steps.push({ lane: 'workloads', tone: 'bad', what: 'deployment.stuck' });
  }
  return steps.length === 0 ? NO_STEPS : steps;
}

export function objectSteps({ type }: Delta): readonly StepDraft[] {
  if (type === 'ADDED') return CREATED;
  return type === 'DELETED' ? GONE : NO_STEPS;
}

const CREATED: readonly StepDraft[] = [{ lane: 'workloads', tone: 'plain', what: 'object.created' }];
const GONE: readonly StepDraft[] = [{ lane: 'workloads', tone: 'plain', what: 'object.gone' }];
