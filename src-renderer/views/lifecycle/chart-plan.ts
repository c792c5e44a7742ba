/**
 * Says to the layout library what is to be placed, and reads from its answer where everything is.
 * Sizes come from the words, so that nothing is measured on a screen and a test can lay out too.
 */
import type { ElkExtendedEdge, ElkLabel, ElkNode } from 'elkjs/lib/elk-api.js';
import type { ChartArrow, ChartBox, ChartGraph } from './chart-graph.ts';

export interface PlacedBox {
  readonly box: ChartBox;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedArrow {
  readonly arrow: ChartArrow;
  readonly d: string;
  /** One text a line of the label. */
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ChartPlan {
  readonly width: number;
  readonly height: number;
  /** Outer ones first. */
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

export type Flow = 'RIGHT' | 'DOWN';
/** What a box is called, and what stands on an arrow. */
export interface ChartWords {
  box(box: ChartBox): string;
  arrow(arrow: ChartArrow): readonly string[];
}

export const BOX_HEIGHT = 28;
export const LINE_HEIGHT = 13;
/** Room beside the label of a delay for its arc. */
export const ARC_ROOM = 18;
/** And for the time that is left. */
const COUNT_ROOM = 30;
const CHOICE_SIZE = 18;
const DOT_SIZE = 12;
const HEAD = 26;
const ROUND = 6;

const LAYOUT: Readonly<Record<string, string>> = {
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.randomSeed': '1',
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.spacing.nodeNodeBetweenLayers': '26',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '9',
  'elk.spacing.edgeLabel': '5',
  'elk.spacing.componentComponent': '22',
  'elk.padding': '[top=8,left=8,bottom=8,right=8]',
};

export function elkGraph(graph: ChartGraph, words: ChartWords, flow: Flow): ElkNode {
  const isParallel = graph.boxes.every(({ kind }) => kind === 'region');
  if (!isParallel)
    return {
      id: 'chart',
      layoutOptions: { ...LAYOUT, 'elk.direction': flow },
      children: graph.boxes.map((box) => elkNode(box, words, flow)),
      edges: graph.arrows.map((arrow) => elkEdge(arrow, words)),
    };
  // Regions have nothing to do with one another: each is laid out alone, and then they are packed.
  return {
    id: 'chart',
    layoutOptions: {
      'elk.algorithm': 'rectpacking',
      'elk.aspectRatio': flow === 'DOWN' ? '0.8' : '1.6',
      'elk.json.shapeCoords': 'ROOT',
      'elk.json.edgeCoords': 'ROOT',
      'elk.spacing.nodeNode': '18',
      'elk.padding': '[top=8,left=8,bottom=8,right=8]',
    },
    children: graph.boxes.map((box) => ({
      ...elkNode(box, words, flow),
      edges: graph.arrows.filter(({ from }) => from.startsWith(`${box.id}.`)).map((arrow) => elkEdge(arrow, words)),
    })),
  };
}

export function chartPlan(graph: ChartGraph, words: ChartWords, laid: ElkNode): ChartPlan {
  const nodes = new Map<string, ElkNode>();
  const edges = new Map<string, ElkExtendedEdge>();
  const visit = (node: ElkNode): void => {
    nodes.set(node.id, node);
    for (const edge of node.edges ?? []) edges.set(edge.id, edge);
    for (const child of node.children ?? []) visit(child);
  };
  visit(laid);
  const boxes: PlacedBox[] = [];
  const place = (all: readonly ChartBox[]): void => {
    for (const box of all) {
      const { x = 0, y = 0, width = 0, height = 0 } = nodes.get(box.id) ?? {};
      boxes.push({ box, label: words.box(box), x, y, width, height });
      place(box.boxes);
    }
  };
  place(graph.boxes);
  const arrows = graph.arrows.map((arrow): PlacedArrow => {
    const edge = edges.get(arrow.id);
    const { x = 0, y = 0, width = 0, height = 0 } = edge?.labels?.[0] ?? {};
    return { arrow, d: pathOf(edge), lines: words.arrow(arrow), x, y, width, height };
  });
  return { width: laid.width ?? 0, height: laid.height ?? 0, boxes, arrows };
}

function elkNode(box: ChartBox, words: ChartWords, flow: Flow): ElkNode {
  const { id } = box;
  if (box.kind === 'choice') return { id, width: CHOICE_SIZE, height: CHOICE_SIZE };
  if (box.kind === 'any')
    return { id, width: DOT_SIZE, height: DOT_SIZE, layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' } };
  const width = widthOf(words.box(box), 7) + 24;
  if (box.boxes.length === 0) return { id, width, height: BOX_HEIGHT };
  return {
    id,
    // Wishes about order and spacing are not handed down to what is inside.
    layoutOptions: {
      ...LAYOUT,
      'elk.direction': flow,
      'elk.padding': `[top=${HEAD + 10},left=14,bottom=14,right=14]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${HEAD})`,
    },
    children: box.boxes.map((inner) => elkNode(inner, words, flow)),
  };
}

function elkEdge(arrow: ChartArrow, words: ChartWords): ElkExtendedEdge {
  const lines = words.arrow(arrow);
  const label: ElkLabel = {
    text: lines.join('\n'),
    width: Math.max(0, ...lines.map((line) => widthOf(line, 5.9))) + (arrow.isDelay ? ARC_ROOM + COUNT_ROOM : 0) + 4,
    height: Math.max(lines.length * LINE_HEIGHT, arrow.isDelay ? 16 : 0),
  };
  return { id: arrow.id, sources: [arrow.from], targets: [arrow.to], labels: lines.length === 0 ? [] : [label] };
}

/** Straight pieces with round corners. */
function pathOf(edge: ElkExtendedEdge | undefined): string {
  return (edge?.sections ?? [])
    .map(({ startPoint, bendPoints = [], endPoint }) => {
      const points = [startPoint, ...bendPoints, endPoint];
      const pieces = [`M${startPoint.x},${startPoint.y}`];
      for (const [index, point] of points.entries()) {
        const [before, after] = [points[index - 1], points[index + 1]];
        if (before === undefined) continue;
        if (after === undefined) pieces.push(`L${point.x},${point.y}`);
        else {
          const [enter, leave] = [towards(point, before), towards(point, after)];
          pieces.push(`L${enter.x},${enter.y}Q${point.x},${point.y} ${leave.x},${leave.y}`);
        }
      }
      return pieces.join('');
    })
    .join('');
}

function towards(corner: { x: number; y: number }, other: { x: number; y: number }): { x: number; y: number } {
  const [dx, dy] = [other.x - corner.x, other.y - corner.y];
  const length = Math.abs(dx) + Math.abs(dy);
  const part = length === 0 ? 0 : Math.min(ROUND, length / 2) / length;
  return { x: corner.x + dx * part, y: corner.y + dy * part };
}

/** Estimated, so that the plan needs no screen: Korean letters are about twice as wide. */
function widthOf(text: string, letter: number): number {
  return Math.ceil([...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 0x1100 ? letter * 1.75 : letter), 0));
}
