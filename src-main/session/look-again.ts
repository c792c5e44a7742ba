// A namespace gets its own service account a moment after it is made, and no pod is let in without it: who was refused for want of it looks again.
import type { Cluster } from '../engine/cluster.ts';

/** upstream: plugin/pkg/admission/serviceaccount/admission.go getServiceAccount: the request is held for 100 to 200 ms before each further look */
const BETWEEN_LOOKS_MS = 100;
const LOOKS = 3;
const LOOKS_FOR_DEFAULT = 10;
const MISSING = /: error looking up service account [^ ]+\/([^ ]+): serviceaccount "\1" not found$/;

/** Does what `attempt` does, and once more as long as `refusalOf` its result says that there is no such account yet; time goes on between. */
export function lookAgain<T>(cluster: Cluster, attempt: () => T, refusalOf: (result: T) => string): T {
  let result = attempt();
  const name = MISSING.exec(refusalOf(result))?.[1];
  if (name === undefined) return result;
  for (let looks = 1; looks < (name === 'default' ? LOOKS_FOR_DEFAULT : LOOKS) && MISSING.test(refusalOf(result)); looks += 1) {
    cluster.advance(cluster.timeline.nowMs + BETWEEN_LOOKS_MS);
    result = attempt();
  }
  return result;
}
