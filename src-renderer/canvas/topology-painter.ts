/**
 * Puts the topology on its stage: squares of the picture, arcs of countdowns, pods on their way to a node.
 * After a zoom the old picture is shown stretched and replaced square by square, so that the hand is never slowed down.
 */
import type { PodParts } from '../../src-main/contract/pod-parts.ts';
import type { CountdownRecord } from '../../src-main/contract/view.ts';
import { countdownLabel, countdownMarks, timeLeft } from '../scene/countdown.ts';
import { podGlyph } from '../scene/glyphs.ts';
import { CARD } from '../scene/layouts/zone-grid.ts';
import { type Mark, overlaps, type Rect } from '../scene/mark.ts';
import { ZONE_NAMES_FROM } from '../scene/panel-marks.ts';
import { podPartsMarks } from '../scene/pod-parts-marks.ts';
import type { Flight, Nearness, TopologyChange, TopologyScene } from '../scene/topology-scene.ts';
import { ChunkLayer } from './chunk-layer.ts';
import { Overview } from './overview.ts';
import type { Brush, Canvas2D } from './paint-marks.ts';
import { SquarePool } from './square-pool.ts';
import { type StageView, sight } from './stage.ts';

const FLIGHT_MS = 420;
/** More than this at once is noise: the rest appear in their places. */
const FLIGHTS_MAX = 100;
/** A few screens of a large window with fine pixels. */
const CHUNKS_MAX = 500;
const SMALL = 60;
/** CSS pixels. */
const WORDED_MIN = 36;
const NODE = 'node:';
/** Time for painting squares in one frame; that the marks then become pixels takes as long again. */
const PAINT_MS = 2;
/** A hand that rests waits for the picture to become sharp. */
const PAINT_AT_REST_MS = 6;
/** While the hand zooms, the picture may be stretched by this much before it is painted anew. */
const STRETCH_MAX = 2;
/** From pods of this many pixels on, what is inside them is drawn. */
const PARTS_PIXELS_MIN = 42;
const PARTS_SCALE_MIN = 2;
const PARTS_MAX = 160;
/** From cards of this many pixels on, pods are drawn. */
const CARD_PIXELS_MIN = 30;

export class TopologyPainter {
  readonly overview: Overview;
  readonly #scene: TopologyScene;
  #layer: ChunkLayer | undefined;
  /** Of another scale, shown until the new one is painted. */
  #before: ChunkLayer | undefined;
  readonly #pool = new SquarePool();
  #flights: { readonly flight: Flight; readonly startMs: number }[] = [];
  /** Words on the arc of a node: "Ready becomes Unknown in 0:32". */
  label: (countdown: CountdownRecord, left: string) => string = (countdown, left) => `${countdown.name} ${left}`;
  /** What lies over the card of a node while something hangs above the nodes. */
  veil: ((node: string, box: Rect) => readonly Mark[]) | null = null;

  /** What is inside a pod, as far as it is known: drawn when the picture is near enough. */
  partsOf: (key: string) => PodParts | undefined = () => undefined;

  constructor(scene: TopologyScene) {
    this.#scene = scene;
    this.overview = new Overview({
      bounds: () => scene.bounds(),
      overviewParts: () => scene.parts(),
      overviewMarks: (key) => scene.marks(key, 'far'),
    });
  }

  take(change: TopologyChange, nowMs: number, still: boolean): void {
    if (change.moved) this.repaint();
    else {
      const parts = [...change.dirty].map(([key, box]) => ({ key, box }));
      this.#layer?.invalidate(parts);
      this.#before?.invalidate(parts);
      if (change.peopled) this.overview.forget();
      else this.#followFromFar(change.dirty);
    }
    if (still) return;
    for (const flight of change.flights.slice(0, FLIGHTS_MAX - this.#flights.length)) {
      this.#flights.push({ flight, startMs: nowMs });
      this.#scene.setFlying(keyOf(flight), true);
    }
  }

  /** Another palette, other words: everything is painted afresh. */
  repaint(): void {
    this.#layer?.release();
    this.#before?.release();
    this.#layer = undefined;
    this.#before = undefined;
    this.overview.forget();
  }

  /** Whether nodes are drawn as cells, because their pods would be too small to tell apart. */
  isFar(view: StageView): boolean {
    return view.scale * CARD.width < CARD_PIXELS_MIN;
  }

  /** Whether the heads of zones are too small for their names. */
  isHeadless(view: StageView): boolean {
    return view.scale < ZONE_NAMES_FROM;
  }

  paint(context: Canvas2D, brush: Brush, view: StageView, nowMs: number, virtualMs: number): boolean {
    this.#land(nowMs);
    const seen = sight(view);
    const scale = view.scale * view.pixelRatio;
    const unfinished = this.#paintSquares(context, brush, view, seen);
    this.#paintParts(context, brush, view);
    const { veil } = this;
    if (veil) {
      for (const { key, box } of this.#scene.partsIn(seen))
        if (key.startsWith(NODE)) brush.paint(context, veil(key.slice(NODE.length), box), scale);
    } else this.#paintCountdowns(context, brush, seen, scale, virtualMs);
    for (const { flight, startMs } of this.#flights) {
      const box = between(flight, ease((nowMs - startMs) / FLIGHT_MS));
      brush.paint(context, [{ kind: 'glyph', glyph: podGlyph(flight.pod.look), x: box.x, y: box.y, size: box.width }], scale);
    }
    return this.#flights.length > 0 || unfinished;
  }

  /** The pods that are near enough to look into. */
  nearPods(view: StageView): ReturnType<TopologyScene['podsIn']> {
    return view.scale < PARTS_SCALE_MIN ? [] : this.#scene.podsIn(sight(view), PARTS_PIXELS_MIN / view.scale, PARTS_MAX);
  }

  #paintParts(context: Canvas2D, brush: Brush, view: StageView): void {
    const scale = view.scale * view.pixelRatio;
    for (const { key, box } of this.nearPods(view)) {
      const parts = this.partsOf(key);
      const pod = this.#scene.pod(key);
      if (parts && pod) brush.paint(context, podPartsMarks(pod.look, parts, box), scale);
    }
  }

  /** True when some are still to be painted in a later frame. */
  #paintSquares(context: Canvas2D, brush: Brush, view: StageView, seen: Rect): boolean {
    const scale = view.scale * view.pixelRatio;
    const layer = this.#layerFor(brush, view);
    const clock = (): number => performance.now();
    const full = layer.fill(seen, clock() + (view.moving ? PAINT_MS : PAINT_AT_REST_MS), clock);
    if (full) {
      this.#before?.release();
      this.#before = undefined;
      layer.refresh(seen, clock() + PAINT_MS, clock);
    }
    layer.trim(seen, CHUNKS_MAX);
    const x = Math.round(view.x * view.pixelRatio);
    const y = Math.round(view.y * view.pixelRatio);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingEnabled = !view.hurried;
    if (!full) this.#drawBehind(context, seen, layer.gaps(seen), x, y, scale);
    layer.draw(context, seen, x, y, scale);
    context.restore();
    return !full || layer.isStale(seen);
  }

  /** What is seen through gaps: to stretch a picture costs much, so only as much of it as shows. */
  #drawBehind(context: Canvas2D, seen: Rect, gaps: readonly Rect[], x: number, y: number, scale: number): void {
    const before = this.#before;
    this.overview.draw(context, before ? gaps.flatMap((gap) => before.gaps(gap)) : gaps, x, y, scale);
    before?.draw(context, seen, x, y, scale, gaps);
  }

  #layerFor(brush: Brush, view: StageView): ChunkLayer {
    const scale = view.scale * view.pixelRatio;
    const layer = this.#layer;
    const stretch = layer ? Math.max(layer.scale / scale, scale / layer.scale) : 1;
    if (layer && (stretch === 1 || (view.moving && stretch < STRETCH_MAX))) return layer;
    const nearness: Nearness = this.isFar(view) ? 'far' : 'near';
    const next = new ChunkLayer(
      scale,
      brush,
      {
        partsIn: (area) => this.#scene.partsIn(area),
        marks: (key) => this.#scene.marks(key, nearness),
        covers: (key) => nearness === 'far' && this.#scene.isNode(key),
      },
      this.#pool,
    );
    this.#before?.release();
    this.#before = layer;
    this.#layer = next;
    return next;
  }

  #paintCountdowns(context: Canvas2D, brush: Brush, seen: Rect, scale: number, virtualMs: number): void {
    const rings = new Map<string, number>();
    const inSight: { readonly countdown: CountdownRecord; readonly box: Rect }[] = [];
    for (const countdown of this.#scene.countdowns()) {
      const box = boxOf(this.#scene, countdown);
      if (box && countdown.dueMs >= virtualMs && overlaps(box, seen)) inSight.push({ countdown, box });
    }
    inSight.sort((one, other) => one.countdown.dueMs - other.countdown.dueMs);
    // Words come last, so that no arc of a neighbour crosses them.
    const labels: Mark[] = [];
    const pixels = scale / devicePixelRatio;
    for (const { countdown, box } of inSight) {
      const subject = `${countdown.subjectKind} ${countdown.subjectKey}`;
      const ring = rings.get(subject) ?? 0;
      // Around something as small as a pod there is room for one arc: what is due first.
      if (ring > 0 && box.width < SMALL) continue;
      rings.set(subject, ring + 1);
      brush.paint(context, countdownMarks(countdown, box, virtualMs, ring), scale);
      // Words on a card as low as this would hide its pods.
      if (countdown.subjectKind !== 'Node' || ring > 0 || box.height * pixels < WORDED_MIN) continue;
      const left = timeLeft(countdown.dueMs, virtualMs);
      labels.push(...countdownLabel([this.label(countdown, left), left], box, pixels));
    }
    brush.paint(context, labels, scale);
  }

  #followFromFar(dirty: ReadonlyMap<string, Rect>): void {
    this.overview.invalidate(dirty.keys());
    // The panel of the tray is painted over the nodes that stand on it.
    if (dirty.has('top')) this.overview.invalidate(this.#scene.controlPlaneNodes().map((name) => `${NODE}${name}`));
  }

  #land(nowMs: number): void {
    const landed = this.#flights.filter(({ startMs }) => nowMs - startMs >= FLIGHT_MS);
    if (landed.length === 0) return;
    this.#flights = this.#flights.filter(({ startMs }) => nowMs - startMs < FLIGHT_MS);
    for (const { flight } of landed) {
      this.#scene.setFlying(keyOf(flight), false);
      const key = flight.pod.node ? `${NODE}${flight.pod.node}` : 'top';
      const box = this.#scene.boxOf(key);
      if (box) this.#layer?.invalidate([{ key, box }]);
    }
  }
}

function boxOf(scene: TopologyScene, { subjectKind, subjectKey }: CountdownRecord): Rect | undefined {
  if (subjectKind === 'Node') return scene.node(subjectKey) && scene.nodeBox(subjectKey);
  return subjectKind === 'Pod' ? scene.podBox(subjectKey) : undefined;
}

function keyOf({ pod }: Flight): string {
  return `${pod.namespace}/${pod.name}`;
}

function between({ from, to }: Flight, part: number): Rect {
  const mix = (one: number, other: number): number => one + (other - one) * part;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), width: mix(from.width, to.width), height: mix(from.height, to.height) };
}

/** Slow, fast, slow. */
function ease(part: number): number {
  return part < 0.5 ? 4 * part ** 3 : 1 - (-2 * part + 2) ** 3 / 2;
}
