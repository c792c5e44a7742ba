// Gathers what goes out to many streams within a few milliseconds: each is written to once, and those that hear the same share its bytes.
// Encrypting a record costs more than a watch event itself.

/** Nobody notices such a delay, and a busy lab has several changes in it. */
const GATHER_MS = 10;

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
    if (waiting.size === 0) setTimeout(flushAll, GATHER_MS);
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
  for (const lines of [...waiting]) lines.flush();
}

function bytesOf(lines: readonly string[]): Buffer {
  const isSame = lines.length === last.lines.length && lines.every((line, index) => line === last.lines[index]);
  if (!isSame) last = { lines, bytes: Buffer.from(lines.join('')) };
  return last.bytes;
}
