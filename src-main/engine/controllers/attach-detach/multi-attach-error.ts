// Says why a volume cannot be attached here yet, to every pod that waits for it, without naming pods of other namespaces.
// upstream: pkg/controller/volume/attachdetach/reconciler/reconciler.go reportMultiAttachError
import type { Pod } from '../../kinds/core/pod.ts';
import { goQuote } from '../../meta/go-quote.ts';

/** The message for one waiting pod; `users` are the pods that use the volume on other nodes. */
export function multiAttachError(volume: string, waiting: Pod, users: readonly Pod[]): string {
  return `Multi-Attach error for volume ${goQuote(volume)} ${reason(waiting, users)}`;
}

function reason(waiting: Pod, users: readonly Pod[]): string {
  if (users.length === 0) return "Volume is already exclusively attached to one node and can't be attached to another";
  const { namespace } = waiting.metadata;
  const names = users.filter((pod) => pod.metadata.namespace === namespace).map((pod) => pod.metadata.name);
  const others = users.length - names.length;
  if (names.length === 0) return `Volume is already used by ${others} pod(s) in different namespaces`;
  const local = `Volume is already used by pod(s) ${names.join(', ')}`;
  return others === 0 ? local : `${local} and ${others} pod(s) in different namespaces`;
}
