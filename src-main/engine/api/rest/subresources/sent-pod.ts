// The pod that a subresource's request would make of the one that is there: its body, or its patch carried out.
import type { Pod } from '../../../kinds/core/pod.ts';
import type { JsonObject } from '../../../meta/object.ts';
import { conflict } from '../../../meta/status-error.ts';
import { asShown, type Call } from '../call.ts';
import { checkFields, readBody } from '../request-body.ts';
import { patchedObject } from '../write.ts';

/** Throws StatusError: a body that is no pod (400), a patch that makes none (422), a version that is no longer the newest (409). */
export function sentPod(call: Call, pod: Pod): { readonly sent: Partial<Pod>; readonly warnings: readonly string[] } {
  const shown = asShown(call, pod) as unknown as JsonObject;
  const { object, warnings } = call.request.method === 'PUT' ? readBody(call) : checkFields(call, patchedObject(call, shown), 'patch');
  const sent = object as unknown as Partial<Pod>;
  const version = sent.metadata?.resourceVersion ?? '';
  if (version !== '' && version !== pod.metadata.resourceVersion) throw conflict({ group: '', resource: 'pods' }, pod.metadata.name);
  return { sent, warnings };
}
