/**
 * What the hand does on the topology: takes hold of nodes, zones and pods, draws a band around several nodes, asks for the menu.
 * What is too small to be aimed at is not taken hold of: a drag then moves the picture.
 */
import { dragToTray } from '../../canvas/drag-to-tray.ts';
import { longPress } from '../../canvas/long-press.ts';
import type { Stage } from '../../canvas/stage.ts';
import type { Rect } from '../../scene/mark.ts';
import type { Hit, TopologyScene } from '../../scene/topology-scene.ts';
import type { Held } from '../../stores/aim-store.svelte.ts';
import type { Lab } from '../../stores/lab.svelte.ts';
import { NODE_PLACE } from '../../stores/place-store.svelte.ts';

/** Pixels below which a card or a pod cannot be aimed at. */
const CARD_MIN = 40;
const POD_MIN = 7;

export class TopologyHands {
  /** What is under the pointer. */
  hit = $state.raw<Hit | null>(null);
  /** The band that is being drawn, in the coordinates of the world. */
  band = $state.raw<Rect | null>(null);
  readonly #lab: Lab;
  readonly #scene: TopologyScene;
  readonly #stage: () => Stage | undefined;
  /** The click that the browser sends after a drag means nothing. */
  #deaf = false;

  constructor(lab: Lab, scene: TopologyScene, stage: () => Stage | undefined) {
    this.#lab = lab;
    this.#scene = scene;
    this.#stage = stage;
  }

  canPan(event: PointerEvent | MouseEvent): boolean {
    return !event.shiftKey && !this.holdable(this.#hitAt(event));
  }

  holdable(found: Hit | null): boolean {
    if (!found || (found.kind === 'Zone' && found.key === '')) return false;
    const pixels = found.box.width * (this.#stage()?.view.scale ?? 0);
    return pixels >= (found.kind === 'Pod' ? POD_MIN : CARD_MIN);
  }

  point(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    this.hit = this.#hitAt(event);
    this.#lab.selection.hover(this.hit && { kind: this.hit.kind, key: this.hit.key });
  }

  /** The node under a point of the window, as a place to let something go. */
  placeAt(x: number, y: number): string {
    const stage = this.#stage();
    const name = stage?.holds(x, y) ? this.#scene.nodeAt(...stage.toWorld(x, y)) : undefined;
    return name === undefined ? '' : `${NODE_PLACE}${name}`;
  }

  leave(): void {
    this.hit = null;
    this.#lab.selection.hover(null);
  }

  press(event: PointerEvent): void {
    this.#deaf = false;
    if (event.button !== 0) return;
    const found = this.#hitAt(event);
    longPress(event, (x, y) => {
      this.#deaf = true;
      this.#menuOf(found, x, y);
    });
    if (event.shiftKey) this.#drawBand(event);
    else if (found && this.holdable(found)) this.#hold(event, found);
  }

  click(event: MouseEvent): void {
    if (this.#deaf) return;
    const found = this.#hitAt(event);
    if (event.shiftKey && found?.kind === 'Node') this.#lab.selection.toggle(found.key);
    else this.#lab.selection.select(found && found.kind !== 'Zone' ? { kind: found.kind, key: found.key } : null);
  }

  menu(event: MouseEvent): void {
    event.preventDefault();
    this.#menuOf(this.#hitAt(event), event.clientX, event.clientY);
  }

  #hold(event: PointerEvent, { kind, key }: Hit): void {
    this.hit = null;
    const { group } = this.#lab.selection;
    const others = kind === 'Node' && group.includes(key) ? group.filter((node) => node !== key) : [];
    const held: Held = { kind, key, others };
    const { aim } = this.#lab;
    dragToTray(event, held, aim, {
      placeOn: (x, y) => (kind === 'Pod' ? aim.placeOn(x, y) : ''),
      begin: () => {
        this.#deaf = true;
      },
      drop: (over) => {
        if (kind === 'Pod') this.#lab.places.drop(held, over);
        else if (over !== '' && over !== 'home') {
          const { failure, target, others: rest } = aim.intentOf(held, over, this.#ofZones(over));
          void this.#lab.applyFailure(failure, target, rest);
        }
      },
    });
  }

  #ofZones(failure: string): boolean {
    return this.#lab.failuresOf('zone').some(({ name }) => name === failure);
  }

  #drawBand(event: PointerEvent): void {
    const from = this.#toWorld(event);
    const stop = new AbortController();
    const { signal } = stop;
    window.addEventListener(
      'pointermove',
      (move) => {
        const to = this.#toWorld(move);
        this.band = around(from, to);
      },
      { signal },
    );
    const end = (): void => {
      stop.abort();
      if (!this.band) return;
      this.#deaf = true;
      this.#lab.selection.group = this.#scene.nodesIn(this.band);
      this.band = null;
    };
    window.addEventListener('pointerup', end, { signal });
    window.addEventListener('pointercancel', end, { signal });
  }

  #menuOf(found: Hit | null, x: number, y: number): void {
    if (!found) return;
    const { group } = this.#lab.selection;
    const refs = found.kind === 'Node' && group.includes(found.key) ? group.map((key) => ({ kind: 'Node', key })) : undefined;
    this.#lab.menu.show({ kind: found.kind, key: found.key }, x, y, refs);
  }

  #hitAt(event: MouseEvent): Hit | null {
    const zone = (event.target as Element).closest<HTMLElement>('[data-zone]')?.dataset['zone'];
    return zone === undefined ? this.#scene.hit(...this.#toWorld(event)) : this.#scene.zoneHead(zone);
  }

  #toWorld({ clientX, clientY }: MouseEvent): readonly [number, number] {
    return this.#stage()?.toWorld(clientX, clientY) ?? [0, 0];
  }
}

function around([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]): Rect {
  return { x: Math.min(x, toX), y: Math.min(y, toY), width: Math.abs(toX - x), height: Math.abs(toY - y) };
}
