// APIService: tells which server answers for a group version. Those of the API server itself say so from the beginning; nothing asks another server.
// upstream: kube-aggregator pkg/registry/apiservice/strategy.go, pkg/apis/apiregistration/v1/helper NewLocalAvailableAPIServiceCondition
import { pathSegmentName } from '../../meta/names.ts';
import type { ApiObject } from '../../meta/object.ts';
import type { Kind } from '../kind.ts';
import { storedKind } from '../stored-kind.ts';

export interface APIService extends ApiObject {
  readonly spec: {
    readonly group?: string;
    readonly version?: string;
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number };
    readonly insecureSkipTLSVerify?: boolean;
    readonly groupPriorityMinimum: number;
    readonly versionPriority: number;
  };
  readonly status?: { readonly conditions?: readonly object[] };
}

/** Of the label that says who looks after the object: `onstart` or `true`. upstream: kube-aggregator pkg/controllers/autoregister AutoRegisterManagedLabel */
export const AUTO_MANAGED = 'kube-aggregator.kubernetes.io/automanaged';

export const apiServiceKind: Kind<APIService> = {
  ...(storedKind('apiregistration.k8s.io/v1', 'APIService') as unknown as Kind<APIService>),
  hasStatus: true,
  // `v1.` is the core group's.
  validateName: pathSegmentName,
  prepareForCreate: (given) => ({ ...given, status: given.spec?.service === undefined ? localStatus(given) : {} }),
};

function localStatus({ metadata: { creationTimestamp } }: ApiObject): NonNullable<APIService['status']> {
  const said = { reason: 'Local', message: 'Local APIServices are always available' };
  return { conditions: [{ type: 'Available', status: 'True', lastTransitionTime: creationTimestamp, ...said }] };
}
