// All admission plugins as one step of the request pipeline: first each may change the object, then each may refuse it.
import type { ApiObject } from '../../meta/object.ts';
import type { AdmissionRequest } from '../server.ts';
import type { AdmissionPlugin, AdmissionReader } from './admission-plugin.ts';
import { admissionPlugins } from './registry.ts';

/** The object as admitted, the very same one when no plugin changed it; throws StatusError to refuse. */
export function admit(given: AdmissionRequest, reader: AdmissionReader, plugins: readonly AdmissionPlugin[] = admissionPlugins): ApiObject {
  let request = given;
  for (const plugin of plugins) {
    const object = plugin.admit?.(request, reader) ?? request.object;
    if (object !== request.object) request = { ...request, object };
  }
  for (const plugin of plugins) plugin.validate?.(request, reader);
  return request.object;
}
