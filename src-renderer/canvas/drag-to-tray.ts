/**
 * Follows a pointer that holds something until it lets go, and says over which tray or which part of a picture it is.
 * It listens on the window, so the hand may leave the picture on its way; Escape gives up.
 */

/** What takes note of the hand on its way. */
interface Aim<Held> {
  readonly held: Held | null;
  pickUp(held: Held, x: number, y: number): void;
  /** `over`: the failure of the tray under the pointer, `home` over the picture, a place on it, or ''. */
  move(x: number, y: number, over: string): void;
  letGo(): void;
}

interface Ends {
  /** The pointer has moved: what follows is no click, however it ends. */
  begin?(): void;
  /** Called with what the pointer was over. */
  drop(over: string): void;
  /** The pointer never moved. */
  click?(): void;
  /** What takes it on a picture, as in `node:worker-1`; '' where nothing does, and where it is another page element. */
  placeOn?(x: number, y: number): string;
}

const SLACK_PX = 4;

export function dragToTray<Held>(event: PointerEvent, held: Held, aim: Aim<Held>, ends: Ends): void {
  const { clientX: startX, clientY: startY } = event;
  const stop = new AbortController();
  const { signal } = stop;
  const overAt = (x: number, y: number): string => {
    const tray = trayAt(x, y);
    return tray === 'home' ? ends.placeOn?.(x, y) || tray : tray;
  };
  const end = (over: string | null): void => {
    stop.abort();
    const dragged = aim.held !== null;
    aim.letGo();
    if (over !== null && dragged) ends.drop(over);
    else if (over !== null) ends.click?.();
  };
  window.addEventListener(
    'pointermove',
    ({ clientX, clientY }) => {
      if (!aim.held && Math.hypot(clientX - startX, clientY - startY) < SLACK_PX) return;
      if (!aim.held) {
        ends.begin?.();
        aim.pickUp(held, clientX, clientY);
      }
      aim.move(clientX, clientY, overAt(clientX, clientY));
    },
    { signal },
  );
  window.addEventListener('pointerup', ({ clientX, clientY }) => end(overAt(clientX, clientY)), { signal });
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

function trayAt(x: number, y: number): string {
  const place = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-drop]');
  return place?.dataset['drop'] ?? '';
}
