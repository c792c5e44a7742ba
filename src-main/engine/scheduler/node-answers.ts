// What the plugins that look at one node alone have said of each node about pods of one specification, until the node changes:
// ten thousand replicas must not ask every node ten thousand times.
import type { Pod } from '../kinds/core/pod.ts';
import type { ClusterView } from './cluster-view.ts';
import type { NodeInfo } from './node-info.ts';
import type { NodeFilter, Rejection, SchedulerPlugin, Scorer } from './plugins/plugin.ts';

/** Specifications whose answers are kept: those of the workloads that are being rolled out now. */
const SPECS_MAX = 16;

interface Weighted {
  readonly scorer: Scorer;
  readonly weight: number;
}

/** Scores that are brought into line with those of the other feasible nodes before they count. */
interface Relative extends Weighted {
  readonly scores: Float64Array;
}

/** Answers by the node's position in the view's order. */
export class NodeAnswers {
  readonly nodes: readonly NodeInfo[];
  readonly relative: readonly Relative[];
  readonly #filters: readonly NodeFilter[];
  readonly #absolute: readonly Weighted[];
  /** The version of the node that was asked about; 0: none. */
  readonly #versions: Int32Array;
  readonly #rejections: (Rejection | null)[];
  readonly #sums: Float64Array;

  constructor(nodes: readonly NodeInfo[], filters: readonly NodeFilter[], scorers: readonly Weighted[]) {
    this.nodes = nodes;
    this.#filters = filters;
    this.#absolute = scorers.filter(({ scorer }) => scorer.normalize === undefined);
    this.relative = scorers
      .filter(({ scorer }) => scorer.normalize !== undefined)
      .map((weighted) => ({ ...weighted, scores: new Float64Array(nodes.length) }));
    this.#versions = new Int32Array(nodes.length);
    this.#rejections = new Array<Rejection | null>(nodes.length).fill(null);
    this.#sums = new Float64Array(nodes.length);
  }

  /** The first objection to the node, or null. */
  rejection(node: NodeInfo): Rejection | null {
    if (this.#versions[node.position] !== node.version) this.#ask(node);
    return this.#rejections[node.position] as Rejection | null;
  }

  /** Weighted sum of the scores that stand for themselves, of a node without objection. */
  sum(node: NodeInfo): number {
    return this.#sums[node.position] as number;
  }

  #ask(node: NodeInfo): void {
    const { position, version } = node;
    this.#versions[position] = version;
    const rejection = firstRejection(this.#filters, node);
    this.#rejections[position] = rejection;
    if (rejection !== null) return;
    let sum = 0;
    for (const { scorer, weight } of this.#absolute) sum += weight * scorer.score(node);
    this.#sums[position] = sum;
    for (const { scorer, scores } of this.relative) scores[position] = scorer.score(node);
  }
}

/** The first objection to the node, or null. */
export function firstRejection(filters: readonly NodeFilter[], node: NodeInfo): Rejection | null {
  for (const filter of filters) {
    const rejection = filter(node);
    if (rejection !== null) return rejection;
  }
  return null;
}

export class AnswerMemory {
  readonly #bySpec = new Map<Pod['spec'], NodeAnswers>();

  /** `filters`: those of the local plugins about this pod. */
  of(pod: Pod, view: ClusterView, filters: readonly NodeFilter[], plugins: readonly SchedulerPlugin[]): NodeAnswers {
    const nodes = view.nodes();
    const known = this.#bySpec.get(pod.spec);
    this.#bySpec.delete(pod.spec);
    const answers = known?.nodes === nodes ? known : new NodeAnswers(nodes, filters, localScorers(pod, view, plugins));
    if (this.#bySpec.size >= SPECS_MAX) this.#bySpec.delete(this.#bySpec.keys().next().value as Pod['spec']);
    this.#bySpec.set(pod.spec, answers);
    return answers;
  }
}

function localScorers(pod: Pod, view: ClusterView, plugins: readonly SchedulerPlugin[]): readonly Weighted[] {
  const scorers: Weighted[] = [];
  for (const { local, planScore, weight = 1 } of plugins) {
    const scorer = local === true ? (planScore?.(pod, [], view) ?? null) : null;
    if (scorer !== null) scorers.push({ scorer, weight });
  }
  return scorers;
}
