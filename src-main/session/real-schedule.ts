/**
 * The real event loop as a pacer sees it.
 * Zero delay means setImmediate: sockets, dialogs and menus are served between two slices, and no millisecond is lost to a timer.
 */

export function realSchedule(task: () => void, delayMs: number): () => void {
  if (delayMs <= 0) {
    const immediate = setImmediate(task);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
}
