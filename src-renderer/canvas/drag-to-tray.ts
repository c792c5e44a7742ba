/**
 * Follows a pointer that holds a node or a zone until it lets go, and says over which tray it is.
 * It listens on the window, so the hand may leave the picture on its way; Escape gives up.
 */

/** What takes note of the hand on its way. */
interface Aim<Held> {
  readonly held: Held | null;
  pickUp(held: Held, x: number, y: number): void;
  /** `over`: the failure of the tray under the pointer, `home` over the picture, or ''. */
  move(x: number, y: number, over: string): void;
  letGo(): void;
}

const SLACK_PX = 4;

/** `drop` is called with the failure of the tray, or `home`, or '' for nowhere. `click` when the pointer never moved. */
export function dragToTray<Held>(
  event: PointerEvent,
  held: Held,
  aim: Aim<Held>,
  drop: (over: string) => void,
  click: () => void = () => {},
): void {
  const { clientX: startX, clientY: startY } = event;
  const stop = new AbortController();
  const { signal } = stop;
  const end = (over: string | null): void => {
    stop.abort();
    const dragged = aim.held !== null;
    aim.letGo();
    if (over !== null && dragged) drop(over);
    else if (over !== null) click();
  };
  window.addEventListener(
    'pointermove',
    ({ clientX, clientY }) => {
      if (!aim.held && Math.hypot(clientX - startX, clientY - startY) < SLACK_PX) return;
      if (!aim.held) aim.pickUp(held, clientX, clientY);
      aim.move(clientX, clientY, placeAt(clientX, clientY));
    },
    { signal },
  );
  window.addEventListener('pointerup', ({ clientX, clientY }) => end(placeAt(clientX, clientY)), { signal });
  window.addEventListener('pointercancel', () => end(null), { signal });
  window.addEventListener(
    'keydown',
    (key) => {
      if (key.key !== 'Escape') return;
      key.stopPropagation();
      end(null);
    },
    { signal, capture: true },
  );
}

function placeAt(x: number, y: number): string {
  const place = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-drop]');
  return place?.dataset['drop'] ?? '';
}
