// Suites of the objects that traffic goes by: ingresses, and the ranges that Services take addresses and ports from.
import { staticAddresses, staticPorts } from '../../../engine/kinds/core/static-band.ts';
import { type Ingress, ingressKind } from '../../../engine/kinds/networking/ingress.ts';
import { matchingPath } from '../../../engine/kinds/networking/ingress-path-match.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../../../engine/kinds/object-meta.ts';
import type { Comparator } from './compare.ts';
import type { Suites } from './run-conformance.ts';

type Paths = Parameters<typeof matchingPath>[0]['paths'];

interface PathCase {
  readonly host: string;
  readonly paths: Paths;
  readonly requestHost: string;
  readonly requestPath: string;
}

interface ErrorSummary {
  readonly field: string;
  readonly type: string | null;
  readonly detail: string | null;
}

export const networkSuites: Suites = {
  'ingress.path-match': ({ host, paths, requestHost, requestPath }: PathCase) => ({
    match: matchingPath({ host, paths }, requestHost, requestPath),
  }),
  'service.allocation': ({ kind, size = 0, cidr = '' }: { readonly kind: string; readonly size?: number; readonly cidr?: string }) => ({
    staticBand: kind === 'port' ? staticPorts(size) : staticAddresses(cidr),
  }),
  'validation.ingress': {
    run: ({ old, object }: { readonly old?: Ingress | null; readonly object: Ingress }) => {
      const meta = validateObjectMeta(ingressKind, object.metadata);
      const errors =
        old === null || old === undefined
          ? [...meta, ...ingressKind.validate(object), ...(ingressKind.validateCreate?.(object) ?? [])]
          : [
              ...meta,
              ...validateObjectMetaUpdate(object.metadata, old.metadata),
              ...ingressKind.validate(object),
              ...ingressKind.validateUpdate(object, old),
            ];
      return errors.map((error) => ({ field: error.field, type: error.body().split(':')[0], detail: error.detail }));
    },
    compare: sameErrors,
  },
};

/** A kind or detail that the table does not pin may be any. */
function sameErrors(...[actual, expected]: Parameters<Comparator>): readonly string[] {
  const found = actual as readonly ErrorSummary[];
  const wanted = (expected as { readonly errors: readonly ErrorSummary[] }).errors;
  const same =
    found.length === wanted.length &&
    wanted.every(({ field, type, detail }, index) => {
      const error = found[index];
      return error?.field === field && (type ?? error.type) === error.type && (detail ?? error.detail) === error.detail;
    });
  return same ? [] : [`expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`];
}
