// Gathers what goes out to many streams within some milliseconds: each is written to once, and those that hear the same share its bytes.
// Encrypting a record costs more than a watch event itself.

/** Nobody notices such a delay, and a busy lab has several changes in it. */
const GATHER_MS_MIN = 10;
/** The more streams there are, the longer it takes to write to all of them, and the longer is gathered; a person does not see this either. */
const GATHER_MS_MAX = 50;
/** Writing shall take this share of the time at most: the rest is the lab's. */
const WRITING_SHARE = 0.2;

let gatherMs = GATHER_MS_MIN;
const waiting = new Set<SharedLines>();
let last: { readonly lines: readonly string[]; readonly bytes: Buffer } = { lines: [], bytes: Buffer.alloc(0) };

/** The lines of one stream. */
export class SharedLines {
  readonly #write: (bytes: Buffer) => void;
  #lines: string[] = [];

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 1) return;
    if (waiting.size === 0) setTimeout(flushAll, gatherMs);
    waiting.add(this);
  }

  /** Writes at once what there is. */
  flush(): void {
    waiting.delete(this);
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#write(bytesOf(lines));
  }
}

function flushAll(): void {
  const startMs = performance.now();
  for (const lines of [...waiting]) lines.flush();
  const tookMs = performance.now() - startMs;
  gatherMs = Math.min(Math.max(GATHER_MS_MIN, tookMs / WRITING_SHARE), GATHER_MS_MAX);
}

function bytesOf(lines: readonly string[]): Buffer {
  const isSame = lines.length === last.lines.length && lines.every((line, index) => line === last.lines[index]);
  if (!isSame) last = { lines, bytes: Buffer.from(lines.join('')) };
  return last.bytes;
}
