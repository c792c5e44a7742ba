/**
 * Puts the topology on its stage: tiles of zones and nodes, arcs of countdowns, pods on their way to a node.
 * Only tiles with news are painted again; arcs and flights are few and are painted each frame.
 */
import type { CountdownRecord } from '../../src-main/contract/view.ts';
import { countdownLabel, countdownMarks, timeLeft } from '../scene/countdown.ts';
import { podGlyph } from '../scene/glyphs.ts';
import { type Mark, overlaps, type Rect } from '../scene/mark.ts';
import type { Flight, TopologyChange, TopologyScene } from '../scene/topology-scene.ts';
import type { Brush, Canvas2D } from './paint-marks.ts';
import { type StageView, sight } from './stage.ts';
import { TileCache } from './tile-cache.ts';

const FLIGHT_MS = 420;
/** More than this at once is noise: the rest appear in their places. */
const FLIGHTS_MAX = 100;
const TILES_MAX = 600;
const SMALL = 60;
const NODE = 'node:';
/** Below this the words on an arc could not be read. */
const LABEL_SCALE_MIN = 0.38;

export class TopologyPainter {
  readonly #scene: TopologyScene;
  readonly #tiles = new TileCache();
  #flights: { readonly flight: Flight; readonly startMs: number }[] = [];
  /** Words on the arc of a node: "Ready becomes Unknown in 0:32". */
  label: (countdown: CountdownRecord, left: string) => string = (countdown, left) => `${countdown.name} ${left}`;
  /** What lies over the card of a node while something hangs above the nodes. */
  veil: ((node: string, box: Rect) => readonly Mark[]) | null = null;

  constructor(scene: TopologyScene) {
    this.#scene = scene;
  }

  take(change: TopologyChange, nowMs: number, still: boolean): void {
    this.#tiles.invalidate(change.dirty);
    if (change.moved) this.#tiles.clear();
    if (still) return;
    for (const flight of change.flights.slice(0, FLIGHTS_MAX - this.#flights.length)) {
      this.#flights.push({ flight, startMs: nowMs });
      this.#scene.setFlying(keyOf(flight), true);
    }
  }

  /** Another palette, other words: everything is painted afresh. */
  repaint(): void {
    this.#tiles.clear();
  }

  paint(context: Canvas2D, brush: Brush, view: StageView, nowMs: number, virtualMs: number): boolean {
    this.#land(nowMs);
    const seen = sight(view);
    const visible = [...this.#scene.tiles()].filter(({ box }) => overlaps(box, seen));
    const scale = view.scale * view.pixelRatio;
    const unfinished = this.#tiles.draw(context, brush, this.#scene, visible, scale, view.moving);
    this.#tiles.trim(new Set(visible.map(({ key }) => key)), TILES_MAX);
    const { veil } = this;
    if (veil) for (const { key, box } of visible) if (key.startsWith(NODE)) brush.paint(context, veil(key.slice(NODE.length), box), scale);
    if (!veil) this.#paintCountdowns(context, brush, seen, scale, virtualMs);
    for (const { flight, startMs } of this.#flights) {
      const box = between(flight, ease((nowMs - startMs) / FLIGHT_MS));
      brush.paint(context, [{ kind: 'glyph', glyph: podGlyph(flight.pod.look), x: box.x, y: box.y, size: box.width }], scale);
    }
    return this.#flights.length > 0 || (unfinished && !view.moving);
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
    for (const { countdown, box } of inSight) {
      const subject = `${countdown.subjectKind} ${countdown.subjectKey}`;
      const ring = rings.get(subject) ?? 0;
      // Around something as small as a pod there is room for one arc: what is due first.
      if (ring > 0 && box.width < SMALL) continue;
      rings.set(subject, ring + 1);
      brush.paint(context, countdownMarks(countdown, box, virtualMs, ring), scale);
      if (countdown.subjectKind === 'Node' && ring === 0 && scale > LABEL_SCALE_MIN) {
        labels.push(...countdownLabel(this.label(countdown, timeLeft(countdown.dueMs, virtualMs)), box));
      }
    }
    brush.paint(context, labels, scale);
  }

  #land(nowMs: number): void {
    const landed = this.#flights.filter(({ startMs }) => nowMs - startMs >= FLIGHT_MS);
    if (landed.length === 0) return;
    this.#flights = this.#flights.filter(({ startMs }) => nowMs - startMs < FLIGHT_MS);
    for (const { flight } of landed) {
      this.#scene.setFlying(keyOf(flight), false);
      this.#tiles.invalidate([`node:${flight.pod.node}`]);
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
