// The RBAC objects in the store, as the authorizer asks for them. They are read at each decision: a binding that is made counts at once.
import type { Store } from '../store.ts';
import type { BindingObject, Policy, RoleObject } from './authorizer.ts';

const keyOfKind = (kind: string): string => `${kind}.rbac.authorization.k8s.io`;

export function storedPolicy(store: Store): Policy {
  const all = (kind: string): readonly BindingObject[] => [...store.table(keyOfKind(kind)).values()] as unknown as readonly BindingObject[];
  return {
    role: (namespace, name) => store.get(keyOfKind('Role'), `${namespace}/${name}`) as RoleObject | undefined,
    clusterRole: (name) => store.get(keyOfKind('ClusterRole'), name) as RoleObject | undefined,
    roleBindings: (namespace) => all('RoleBinding').filter(({ metadata }) => metadata.namespace === namespace),
    clusterRoleBindings: () => all('ClusterRoleBinding'),
  };
}
