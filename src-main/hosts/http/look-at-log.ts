// A container's log as it grows, whatever it is sent over: asked for a few times a second, because nothing but a reader wants to know.
import type { LogFollower } from '../../engine/api/rest/subresources/log.ts';
import { StatusError } from '../../engine/meta/status-error.ts';

const LOOK_MS = 200;

/** Tells what the log says from now on ('' when nothing is new), and null once when it ends; returns what stops looking. */
export function lookAtLog(follower: LogFollower, tell: (text: string | null) => void): () => void {
  const looking = setInterval(() => {
    let text: string | null = null;
    try {
      text = follower.next();
    } catch (error) {
      // The pod is gone, or its node does not answer any more: the log ends as a cut connection does.
      if (!(error instanceof StatusError)) throw error;
    }
    if (text === null) clearInterval(looking);
    tell(text);
  }, LOOK_MS);
  return () => clearInterval(looking);
}
