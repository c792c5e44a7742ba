// All admission plugins as two steps of the request pipeline: first each may change the object, and when it is valid each may refuse it.
import type { ApiObject } from '../../meta/object.ts';
import type { AdmissionRequest } from '../server.ts';
import type { AdmissionPlugin, AdmissionServer } from './admission-plugin.ts';
import { admissionPlugins } from './registry.ts';

/** The object as admitted, the very same one when no plugin changed it; throws StatusError to refuse. */
export function admit(given: AdmissionRequest, server: AdmissionServer, plugins: readonly AdmissionPlugin[] = admissionPlugins): ApiObject {
  let request = given;
  for (const plugin of plugins) {
    const object = plugin.admit?.(request, server) ?? request.object;
    if (object !== request.object) request = { ...request, object };
  }
  return request.object;
}

/** Throws StatusError to refuse. */
export function validateAdmission(
  request: AdmissionRequest,
  server: AdmissionServer,
  plugins: readonly AdmissionPlugin[] = admissionPlugins,
): void {
  const { subresource } = request;
  for (const plugin of plugins) if (subresource === undefined || judges(plugin, subresource)) plugin.validate?.(request, server);
}

function judges({ subresources = [] }: AdmissionPlugin, subresource: string): boolean {
  return subresources === 'all' || subresources.includes(subresource);
}
