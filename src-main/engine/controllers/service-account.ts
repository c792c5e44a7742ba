// Keeps the ServiceAccount `default` in every namespace, and the cluster's CA beside it. upstream: pkg/controller/serviceaccount, pkg/controller/certificates/rootcacertpublisher
import { type AnyController, type ControllerContext, defineController } from '../client/component.ts';
import { type ConfigMap, configMapKind } from '../kinds/core/config-map.ts';
import { namespaceKind } from '../kinds/core/namespace.ts';
import { serviceAccountKind } from '../kinds/core/service-account.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ApiObject, Draft } from '../meta/object.ts';
import { isAlreadyExists } from '../meta/status-error.ts';
import { rootCaCertificate } from './root-ca.ts';

/** One object that every namespace has; made again when it is deleted. */
function perNamespace<T extends ApiObject>(
  name: string,
  kind: Kind<T>,
  objectName: string,
  draft: (namespace: string) => Draft<T>,
): AnyController {
  return defineController<Record<string, never>>({
    name,
    workers: 1,
    initialState: () => ({}),
    start: (context: ControllerContext<Record<string, never>>) => {
      const namespaces = context.cache(namespaceKind);
      const objects = context.cache(kind);
      namespaces.onChange((next) => next !== undefined && context.queue.add(next.metadata.name));
      objects.onChange((next, previous) => {
        if (next === undefined && previous?.metadata.name === objectName) context.queue.add(previous.metadata.namespace ?? '');
      });
      if (!context.restored) for (const namespace of namespaces.values()) context.queue.add(namespace.metadata.name);
      return {
        reconcile: (namespace) => {
          const { metadata } = namespaces.get(namespace) ?? {};
          if (metadata === undefined || metadata.deletionTimestamp !== undefined || objects.get(`${namespace}/${objectName}`) !== undefined)
            return;
          try {
            context.client.create(kind, draft(namespace));
          } catch (error) {
            if (!isAlreadyExists(error)) throw error;
          }
        },
      };
    },
  });
}

export const serviceAccountController = perNamespace('service-account-controller', serviceAccountKind, 'default', (namespace) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
}));

export const rootCaPublisher = perNamespace<ConfigMap>('root-ca-certificate-publisher', configMapKind, 'kube-root-ca.crt', (namespace) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'kube-root-ca.crt',
    namespace,
    annotations: {
      'kubernetes.io/description':
        'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
    },
  },
  data: { 'ca.crt': rootCaCertificate },
}));
