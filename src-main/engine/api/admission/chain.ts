// All admission plugins as two steps of the request pipeline: first each may change the object, and when it is valid each may refuse it.
import { type Kind, kindKey } from '../../kinds/kind.ts';
import type { ApiObject } from '../../meta/object.ts';
import type { AdmissionRequest } from '../server.ts';
import type { AdmissionPlugin, AdmissionServer } from './admission-plugin.ts';
import { admissionPlugins } from './registry.ts';

/** The object as admitted, the very same one when no plugin changed it; throws StatusError to refuse. */
export function admit(given: AdmissionRequest, server: AdmissionServer, plugins: readonly AdmissionPlugin[] = admissionPlugins): ApiObject {
  let request = given;
  for (const plugin of concerned(plugins, given.kind).admitting) {
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
  for (const plugin of concerned(plugins, request.kind).validating)
    if (subresource === undefined || judges(plugin, subresource)) plugin.validate?.(request, server);
}

function judges({ subresources = [] }: AdmissionPlugin, subresource: string): boolean {
  return subresources === 'all' || subresources.includes(subresource);
}

interface Concerned {
  readonly admitting: readonly AdmissionPlugin[];
  readonly validating: readonly AdmissionPlugin[];
}

const known = new WeakMap<readonly AdmissionPlugin[], WeakMap<Kind, Concerned>>();

/** The plugins that look at a kind: most look at one, and every write passes here. */
function concerned(plugins: readonly AdmissionPlugin[], kind: Kind): Concerned {
  let ofKinds = known.get(plugins);
  if (ofKinds === undefined) {
    ofKinds = new WeakMap();
    known.set(plugins, ofKinds);
  }
  let found = ofKinds.get(kind);
  if (found === undefined) {
    const looking = plugins.filter(({ kinds }) => kinds === undefined || kinds.includes(kindKey(kind)));
    found = {
      admitting: looking.filter((plugin) => plugin.admit !== undefined),
      validating: looking.filter((plugin) => plugin.validate !== undefined),
    };
    ofKinds.set(kind, found);
  }
  return found;
}
