// Refuses objects in namespaces that do not exist or are going away, and keeps the namespaces the cluster cannot do without.
// upstream: apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go
import { namespaceKind } from '../../kinds/core/namespace.ts';
import { forbidden, notFound, StatusError } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionReader, isAbout, nameBeforeCreation } from './admission-plugin.ts';

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle: AdmissionPlugin = { name: 'NamespaceLifecycle', admit: admitInNamespace };

function admitInNamespace(request: AdmissionRequest, reader: AdmissionReader): AdmissionRequest['object'] {
  const { operation, kind, object, namespace } = request;
  const { name } = object.metadata;
  if (isAbout(request, namespaceKind)) {
    const kept = operation === 'DELETE' && immortal.has(name);
    if (kept) throw forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted');
    return object;
  }
  if (operation !== 'CREATE' || !kind.namespaced) return object;
  const found = reader.find(namespaceKind, namespace);
  if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  if (found.status.phase !== 'Terminating') return object;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const refused = forbidden({ group: kind.group, resource: kind.plural }, nameBeforeCreation(object), why);
  throw withNamespaceCause(refused, namespace);
}

/** Controllers tell this refusal from others by its cause. upstream: NamespaceTerminatingCause */
function withNamespaceCause(error: ReturnType<typeof forbidden>, namespace: string): ReturnType<typeof forbidden> {
  const { reason, code, message, details } = error.status;
  const causes = [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }];
  return new StatusError(reason, code, message, { ...details, causes });
}
