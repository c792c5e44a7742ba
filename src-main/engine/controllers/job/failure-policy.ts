// Which rule of a podFailurePolicy a failed pod falls under. upstream: pkg/controller/job/pod_failure_policy.go
import type { JobSpec } from '../../kinds/batch/job.ts';
import type { Pod } from '../../kinds/core/pod.ts';

type Policy = JobSpec['podFailurePolicy'];
type Rule = NonNullable<Policy>['rules'][number];
type Requirement = NonNullable<Rule['onExitCodes']>;
type ContainerStatus = NonNullable<Pod['status']['containerStatuses']>[number];

export interface FailureVerdict {
  /** null: no rule. */
  readonly action: 'Count' | 'FailIndex' | 'FailJob' | 'Ignore' | null;
  /** Does it count towards the back-off limit? */
  readonly counts: boolean;
  /** What the Job's condition says, when the rule fails the Job. */
  readonly message: string | null;
}

const NO_RULE: FailureVerdict = { action: null, counts: true, message: null };

export function judgeFailure(policy: Policy | null, pod: Pod): FailureVerdict {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const found = matchOf(rule, pod);
    if (found === null) continue;
    const { action } = rule;
    if (action === 'Ignore') return { action, counts: false, message: null };
    if (action === 'Count' || action === 'FailIndex') return { action, counts: true, message: null };
    if (action === 'FailJob') return { action, counts: true, message: `${found} matching FailJob rule at index ${index}` };
  }
  return NO_RULE;
}

/** What of the pod the rule meets, in words. */
function matchOf({ onExitCodes, onPodConditions }: Rule, { metadata, status }: Pod): string | null {
  const pod = `${metadata.namespace}/${metadata.name}`;
  if (onExitCodes !== undefined) {
    const meets = (container: ContainerStatus): boolean => meetsExitCodes(container, onExitCodes);
    const container = status.containerStatuses?.find(meets) ?? status.initContainerStatuses?.find(meets);
    if (container === undefined) return null;
    return `Container ${container.name} for pod ${pod} failed with exit code ${container.state?.terminated?.exitCode}`;
  }
  const condition = status.conditions?.find((one) =>
    (onPodConditions ?? []).some((pattern) => pattern.type === one.type && pattern.status === one.status),
  );
  return condition === undefined ? null : `Pod ${pod} has condition ${condition.type}`;
}

function meetsExitCodes({ name, state }: ContainerStatus, { containerName, operator, values }: Requirement): boolean {
  const code = state?.terminated?.exitCode ?? 0;
  if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
  if (operator === 'In') return values.includes(code);
  return operator === 'NotIn' && !values.includes(code);
}
