// One story: a cluster, somebody who watches it, and the commands by which a person acts on it.
import { UnknownFailure } from '../../src-main/engine/failures/failures.ts';
import { StatusError } from '../../src-main/engine/meta/status-error.ts';
import { ShortNames } from '../support/short-names.ts';
import { TestCluster } from '../support/test-cluster.ts';
import { acts } from './acts.ts';
import { looks } from './looks.ts';
import { Observer } from './observer.ts';
import { requests } from './requests.ts';

/** What a command gets: its words without the first, options taken out of them, and its input. */
export interface Call {
  readonly cluster: TestCluster;
  readonly observer: Observer;
  readonly names: ShortNames;
  readonly words: readonly string[];
  /** `--replicas=5` as `replicas: '5'`, `--force` as `force: 'true'`, `-o wide` as `o: 'wide'`. */
  readonly options: Readonly<Record<string, string>>;
  readonly input: string;
}

/** Lines to print, with real names in them. */
export type Act = (call: Call) => readonly string[];

const commands: Readonly<Record<string, Act>> = { ...acts, ...looks, ...requests };

const PASSES_TIME: ReadonlySet<string> = new Set(['run', 'until', 'drain']);

export class Story {
  readonly #reopens: boolean;
  readonly #names = new ShortNames();
  #cluster: TestCluster | null = null;
  #observer: Observer | null = null;

  /** `reopens`: whenever time is to pass, the world is saved before, and another one goes on from there. */
  constructor(reopens = false) {
    this.#reopens = reopens;
  }

  /** Does what a command says and returns what it prints. */
  tell([line = '', ...input]: readonly string[]): readonly string[] {
    const [name = '', ...words] = line.trim().split(/\s+/);
    const parsed = parseWords(words);
    if (name === 'cluster') return this.#begin(parsed.options);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new Error(`unknown command: ${line}`);
    if (this.#cluster === null) this.#begin({});
    if (this.#reopens && PASSES_TIME.has(name)) {
      this.#cluster?.reopen();
      this.#observer?.follow();
    }
    const [cluster, observer, names] = [this.#cluster as unknown as TestCluster, this.#observer as unknown as Observer, this.#names];
    const real = parsed.words.map((word) =>
      word
        .split('/')
        .map((part) => names.real(part))
        .join('/'),
    );
    return this.#refusable(() =>
      command({ cluster, observer, names, words: real, options: parsed.options, input: `${input.join('\n')}\n` }),
    ).map((text) => names.tell(text).trimEnd());
  }

  #begin(options: Call['options']): readonly string[] {
    const size = Object.fromEntries(['cpu', 'memory', 'pods'].flatMap((name) => (options[name] ? [[name, options[name]]] : [])));
    const number = (name: string, otherwise: number): number => Number(options[name] ?? otherwise);
    this.#cluster = new TestCluster({ workers: number('workers', 3), zones: number('zones', 3), seed: number('seed', 1), size });
    this.#observer = new Observer(this.#cluster, this.#names);
    return [];
  }

  #refusable(work: () => readonly string[]): readonly string[] {
    try {
      return work();
    } catch (error) {
      if (error instanceof StatusError) return [`Error from server (${error.status.reason}): ${error.message}`];
      if (error instanceof UnknownFailure) return [`error: ${error.message}`];
      throw error;
    }
  }
}

function parseWords(all: readonly string[]): Pick<Call, 'words' | 'options'> {
  const words: string[] = [];
  const options: Record<string, string> = {};
  for (let at = 0; at < all.length; at += 1) {
    const word = all[at] as string;
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(word);
    if (long !== null) options[long[1] as string] = long[2] ?? 'true';
    else if (/^-[a-z]$/.test(word)) {
      at += 1;
      options[word.slice(1)] = all[at] ?? '';
    } else words.push(word);
  }
  return { words, options };
}
