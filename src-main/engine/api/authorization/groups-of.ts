// The groups of the cluster's own components, which write without a request of their own. upstream: apiserver pkg/authentication/{serviceaccount,user}

/** The administrator's name. */
const ADMINISTRATOR = 'kubernetes-admin';

export function groupsOf(user: string): readonly string[] {
  if (user === ADMINISTRATOR) return ['system:masters', 'system:authenticated'];
  if (user.startsWith('system:node:')) return ['system:nodes', 'system:authenticated'];
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(user) ?? [];
  return namespace === undefined
    ? ['system:authenticated']
    : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}
