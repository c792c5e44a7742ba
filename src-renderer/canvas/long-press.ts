/**
 * A finger that rests where it was put down asks for the menu, as the right button does.
 * Browsers say so by themselves on some systems only.
 */

const REST_MS = 500;
const SLACK_PX = 8;

/** Calls back once with the place, unless the finger moves or leaves before. */
export function longPress(event: PointerEvent, rested: (x: number, y: number) => void): void {
  if (event.pointerType !== 'touch') return;
  const { clientX, clientY } = event;
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
    rested(clientX, clientY);
  }, REST_MS);
  const giveUp = (): void => {
    clearTimeout(timer);
    stop.abort();
  };
  for (const name of ['pointerup', 'pointercancel', 'contextmenu'] as const) window.addEventListener(name, giveUp, { signal: stop.signal });
  window.addEventListener(
    'pointermove',
    (move) => {
      if (Math.hypot(move.clientX - clientX, move.clientY - clientY) > SLACK_PX) giveUp();
    },
    { signal: stop.signal },
  );
}
