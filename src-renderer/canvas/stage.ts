/**
 * A canvas that can be panned and zoomed, and that is painted only when somebody asked for a frame.
 * d3-zoom turns wheel, drag and pinch into one transform; a view says what to paint and where a drag is not a pan.
 */
import { select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import type { Rect } from '../scene/mark.ts';
import { Pace } from './pace.ts';
import type { Canvas2D } from './paint-marks.ts';

export interface StageOptions {
  /** Paints the world; the context is already transformed. Answers true when it wants another frame. */
  paint(context: Canvas2D, view: StageView): boolean;
  /** The colour of what nothing is painted on. */
  ground(): string;
  /** The window onto the world has changed: what lies above the canvas must follow. */
  onView(view: StageView): void;
  /** False where a press begins something else than a pan. */
  canPan(event: PointerEvent | MouseEvent): boolean;
  /** The largest zoom that `fit` and `follow` choose. */
  readonly fitMax: number;
  /** Room to leave for words below the whole picture at this scale, in CSS pixels. */
  below?(scale: number): number;
  /** The smallest zoom that `follow` chooses where the picture is too high: its words can be read, and it is cut off below. */
  readonly readMin?: number;
}

export interface StageView {
  readonly x: number;
  readonly y: number;
  /** CSS pixels for one unit of the world. */
  readonly scale: number;
  readonly pixelRatio: number;
  readonly width: number;
  readonly height: number;
  /** A gesture is under way. */
  readonly moving: boolean;
  /** Its frames come so late that the picture had better be coarse until the hand rests. */
  readonly hurried: boolean;
}

/** Where somebody was looking. */
export interface StagePlace {
  /** The point of the world in the middle. */
  readonly middle: readonly [number, number];
  readonly scale: number;
  readonly following: boolean;
}

/** Around the whole picture; less in a low window, which has none to spare. */
const PADDING_MAX = 16;
const PADDING_SHARE = 1 / 48;
/** Room for the buttons in the lower corner. */
const PADDING_BELOW = 54;
/** From this scale on the names of pods can be read. */
const READABLE_SCALE = 0.5;
/** As near as somebody wants to go to one thing at once. */
const APPROACH_MAX = 4.5;
/** What is smaller than that is gone nearer to: a pod among a hundred must show its containers, too. */
const APPROACH_PIXELS = 96;
const SCALE_MIN = 0.02;
const SCALE_MAX = 12;

export class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #area: HTMLElement;
  readonly #options: StageOptions;
  readonly #zoom: ZoomBehavior<HTMLElement, unknown>;
  readonly #observer: ResizeObserver;
  #transform: ZoomTransform = zoomIdentity;
  #moving = false;
  readonly #pace = new Pace();
  /** Asking the page for it in each frame would make it lay everything out. */
  #size = { width: 0, height: 0 };
  #frame = 0;
  /** The picture follows the window until the person has moved it. */
  #following: { readonly bounds: Rect; readonly scaleMin: number } | undefined;

  constructor(area: HTMLElement, canvas: HTMLCanvasElement, options: StageOptions) {
    this.#area = area;
    this.#canvas = canvas;
    this.#options = options;
    this.#zoom = zoom<HTMLElement, unknown>()
      .scaleExtent([SCALE_MIN, SCALE_MAX])
      .extent(() => [
        [0, 0],
        [this.#size.width, this.#size.height],
      ])
      .filter((event: PointerEvent & WheelEvent) => event.type === 'wheel' || (event.button === 0 && options.canPan(event)))
      .on('start', () => {
        this.#moving = true;
        this.#pace.begin();
      })
      .on('zoom', (event: { transform: ZoomTransform; sourceEvent: unknown }) => {
        if (event.sourceEvent) this.#following = undefined;
        this.#transform = event.transform;
        this.#changed();
      })
      .on('end', () => {
        this.#moving = false;
        this.#changed();
      });
    select(area).call(this.#zoom).on('dblclick.zoom', null);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(area);
    this.#resize();
  }

  get view(): StageView {
    const { x, y, k } = this.#transform;
    return { x, y, scale: k, pixelRatio: devicePixelRatio, ...this.#size, moving: this.#moving, hurried: this.#moving && this.#pace.late };
  }

  invalidate(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#pace.frame(now);
      this.#paint();
    });
  }

  /** Shows all of a rectangle, and goes on doing so while the window changes its size. */
  fit(bounds: Rect): void {
    this.#fit(bounds, SCALE_MIN);
  }

  /** The same, but rather the upper part of it than words that cannot be read, until somebody asks for all. */
  follow(bounds: Rect): void {
    this.#fit(bounds, this.#following?.scaleMin ?? this.#options.readMin ?? SCALE_MIN);
  }

  #fit(bounds: Rect, scaleMin: number): void {
    this.#following = { bounds, scaleMin };
    const { width, height } = this.#size;
    if (width === 0 || height === 0 || bounds.width === 0) return;
    const padding = Math.min(PADDING_MAX, height * PADDING_SHARE);
    const across = (width - 2 * padding) / bounds.width;
    const whole = (below: number): number => Math.min(across, (height - padding - below) / bounds.height);
    const below = PADDING_BELOW + (this.#options.below?.(whole(PADDING_BELOW)) ?? 0);
    const all = whole(below);
    const scale = Math.max(SCALE_MIN, Math.min(this.#options.fitMax, Math.max(all, Math.min(across, scaleMin))));
    const x = (width - bounds.width * scale) / 2 - bounds.x * scale;
    const y = Math.max(padding, Math.min((height - bounds.height * scale) / 2, height - below - bounds.height * scale)) - bounds.y * scale;
    this.#set(zoomIdentity.translate(x, y).scale(scale));
  }

  get place(): StagePlace {
    const { width, height } = this.#size;
    return { middle: this.#transform.invert([width / 2, height / 2]), scale: this.#transform.k, following: this.following };
  }

  /** Looks where somebody was looking, also when the window has another size now. */
  goBack({ middle: [x, y], scale }: Pick<StagePlace, 'middle' | 'scale'>): void {
    this.#following = undefined;
    const { width, height } = this.#size;
    this.#set(
      zoomIdentity
        .translate(width / 2, height / 2)
        .scale(scale)
        .translate(-x, -y),
    );
  }

  /** True while `fit` or `follow` is still in force. */
  get following(): boolean {
    return this.#following !== undefined;
  }

  zoomBy(factor: number): void {
    this.#following = undefined;
    this.#zoom.scaleBy(select(this.#area), factor);
  }

  /** Brings a rectangle into sight, with as little movement as it takes; `close` also makes it large enough to read. */
  show(box: Rect, close = false): void {
    const { x, y, k } = this.#transform;
    const { width, height } = this.#size;
    const left = box.x * k + x;
    const top = box.y * k + y;
    const inside = left >= 0 && top >= 0 && left + box.width * k <= width && top + box.height * k <= height;
    const readable = !close || k >= READABLE_SCALE;
    if (inside && readable) return;
    this.#following = undefined;
    const centered = zoomIdentity.translate(width / 2, height / 2).scale(readable ? k : 1);
    this.#set(centered.translate(-(box.x + box.width / 2), -(box.y + box.height / 2)));
  }

  /** Brings a point of the world into the middle. */
  center(x: number, y: number): void {
    this.goBack({ middle: [x, y], scale: this.#transform.k });
  }

  /** Goes near to a rectangle, whether it is in sight or not. */
  approach(box: Rect): void {
    const { width, height } = this.#size;
    const room = Math.min(width / box.width, height / box.height) * 0.6;
    this.#following = undefined;
    const scale = Math.max(SCALE_MIN, Math.min(SCALE_MAX, Math.max(APPROACH_MAX, APPROACH_PIXELS / box.width), room));
    this.#set(
      zoomIdentity
        .translate(width / 2, height / 2)
        .scale(scale)
        .translate(-(box.x + box.width / 2), -(box.y + box.height / 2)),
    );
  }

  /** Whether a point of the window is on this stage. */
  holds(clientX: number, clientY: number): boolean {
    const { left, top, right, bottom } = this.#area.getBoundingClientRect();
    return clientX >= left && clientX < right && clientY >= top && clientY < bottom;
  }

  /** A point of the window in the world. */
  toWorld(clientX: number, clientY: number): readonly [number, number] {
    const { left, top } = this.#area.getBoundingClientRect();
    return this.#transform.invert([clientX - left, clientY - top]);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    select(this.#area).on('.zoom', null);
  }

  #set(transform: ZoomTransform): void {
    this.#zoom.transform(select(this.#area), transform);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#area;
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * devicePixelRatio);
    this.#canvas.height = Math.round(height * devicePixelRatio);
    if (this.#following) this.#fit(this.#following.bounds, this.#following.scaleMin);
    this.#changed();
    // A canvas of a new size is empty: waiting for the next frame would show that.
    cancelAnimationFrame(this.#frame);
    this.#paint();
  }

  #changed(): void {
    this.#options.onView(this.view);
    this.invalidate();
  }

  #paint(): void {
    this.#frame = 0;
    // Without holes nothing has to be mixed with what lies below.
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context) return;
    const view = this.view;
    const { x, y, scale, pixelRatio } = view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.#options.ground();
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    // Whole pixels: what is copied from painted squares stays as sharp as it was painted.
    context.setTransform(scale * pixelRatio, 0, 0, scale * pixelRatio, Math.round(x * pixelRatio), Math.round(y * pixelRatio));
    if (this.#options.paint(context, view)) this.invalidate();
  }
}

/** The part of the world that is in sight. */
export function sight({ x, y, scale, width, height }: StageView): Rect {
  return { x: -x / scale, y: -y / scale, width: width / scale, height: height / scale };
}
