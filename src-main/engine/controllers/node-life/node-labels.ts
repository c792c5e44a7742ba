// Old labels of a node that must say the same as the new ones. upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go reconcileNodeLabels
import type { Node } from '../../kinds/core/node.ts';

const pairs: readonly (readonly [primary: string, secondary: string])[] = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
];

/** The very same node when they do. */
export function withSameLabels(node: Node): Node {
  const labels = node.metadata.labels ?? {};
  const wrong = pairs.flatMap(([primary, secondary]) => {
    const value = labels[primary];
    return value === undefined || labels[secondary] === value ? [] : [[secondary, value] as const];
  });
  if (wrong.length === 0) return node;
  return { ...node, metadata: { ...node.metadata, labels: { ...labels, ...Object.fromEntries(wrong) } } };
}
