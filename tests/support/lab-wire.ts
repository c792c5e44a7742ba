// A second window onto a running lab, without a picture: tests drive virtual time through it and read the records that the page draws.
import { gunzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import type { Params, RequestName, Result, ToWindow } from '../../src-main/contract/bridge.ts';
import type { ClockRecord, Frame, TableName, Tables } from '../../src-main/contract/view.ts';

type Rows = Map<string, Tables[TableName]>;

/** Longer than any machine takes to answer a click; a test that fails says what it waited for. */
const SEEN_MS = 20_000;

/** The checksum of the world in a snapshot. */
export function worldDigestOf(base64: string): string {
  const [header = ''] = gunzipSync(Buffer.from(base64, 'base64')).toString('utf8').split('\n', 1);
  return (JSON.parse(header) as { bodyDigest: string }).bodyDigest;
}

export class LabWire {
  clock: ClockRecord = { nowMs: 0, unixMs: 0, playing: false, speed: 1, achieved: 0 };
  readonly #socket: WebSocket;
  readonly #tables = new Map<string, Rows>();
  readonly #waiting = new Map<number, (message: Extract<ToWindow, { id: number }>) => void>();
  readonly #onFrame = new Set<() => void>();
  #serial = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as ToWindow));
  }

  /** `url` as the host prints it, with the token in its fragment. */
  static async connect(url: string): Promise<LabWire> {
    const { host, origin, hash } = new URL(url);
    const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
    const socket = new WebSocket(`ws://${host}/lab`, [`token.${token}`], { origin, allowSynchronousEvents: false });
    const wire = new LabWire(socket);
    const first = wire.frame();
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    await first;
    return wire;
  }

  request<K extends RequestName>(method: K, params: Params<K>): Promise<Result<K>> {
    this.#serial += 1;
    const id = this.#serial;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (message) => (message.ok ? resolve(message.result as Result<K>) : reject(new Error(message.error))));
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Asks for something that changes the picture, and waits until the frame that shows it has come: frames follow the answer. */
  async act<K extends RequestName>(method: K, params: Params<K>): Promise<Result<K>> {
    const result = await this.request(method, params);
    await this.frame();
    return result;
  }

  rows<Name extends TableName>(name: Name): readonly Tables[Name][] {
    return [...(this.#tables.get(name)?.values() ?? [])] as Tables[Name][];
  }

  /** Resolves when the next frame has been folded. */
  frame(): Promise<void> {
    return new Promise((resolve) => {
      const once = (): void => {
        this.#onFrame.delete(once);
        resolve();
      };
      this.#onFrame.add(once);
    });
  }

  /** Waits for something that is on its way without the test driving time: what the page has asked for. */
  async sees(holds: (lab: LabWire) => boolean): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_resolve, reject) => {
      late = setTimeout(
        () => reject(new Error(`not seen in time: ${String(holds)}, with the clock at ${JSON.stringify(this.clock)}`)),
        SEEN_MS,
      );
    });
    try {
      while (!holds(this)) await Promise.race([this.frame(), patience]);
    } finally {
      clearTimeout(late);
    }
  }

  /** Moves from one visible change to the next, or from entry to entry, until something holds: the same virtual instant in each run. */
  async until(holds: (lab: LabWire) => boolean, by: 'clock.next' | 'clock.step' = 'clock.next', movesMax = 2000): Promise<void> {
    for (let moves = 0; !holds(this); moves += 1) {
      if (moves === movesMax) throw new Error(`does not hold after ${movesMax} times ${by}, at ${this.clock.nowMs} ms: ${String(holds)}`);
      await this.act(by, {});
    }
  }

  /** The checksum of the whole world: store, queue, charts, random state. */
  async worldDigest(): Promise<string> {
    const { base64 } = await this.request('snapshot.export', {});
    return worldDigestOf(base64);
  }

  close(): void {
    this.#socket.close();
  }

  #take(message: ToWindow): void {
    if ('id' in message) {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    } else if ('frame' in message) this.#fold(message.frame);
  }

  #fold({ opened, clock, delta }: Frame): void {
    if (opened) this.#tables.clear();
    this.clock = clock;
    for (const [name, change] of Object.entries(delta)) {
      const rows = this.#tables.get(name) ?? new Map();
      this.#tables.set(name, rows);
      for (const id of change.remove) rows.delete(id);
      for (const row of change.put) rows.set(row.id, row);
    }
    for (const listener of [...this.#onFrame]) listener();
  }
}
