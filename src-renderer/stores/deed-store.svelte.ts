/**
 * What the person does to objects: which dialog asks about it, what was refused, and what takes it back.
 * Every deed is a request to the lab; this store only remembers how to undo those that Kubernetes can undo.
 */
import type { ActionResult, ObjectAction } from '../../src-main/contract/object-action.ts';
import type { LabClient } from '../link/lab-client.ts';
import { t } from './language.svelte.ts';
import type { NoticeStore } from './notice-store.svelte.ts';
import type { ObjectRef } from './selection-store.svelte.ts';

/** Deeds that ask before they are done. */
export type AskedDeed = 'delete' | 'scale' | 'resize' | 'taint' | 'drain' | 'autoscale' | 'load' | 'group';

interface Undo {
  /** What was done, in words. */
  readonly words: string;
  /** False when it could not be taken back, which was told. */
  readonly run: () => Promise<boolean>;
}

const UNDOS_MAX = 50;
/** As many as the lab takes in one request. */
const OBJECTS_MAX = 500;
const REFUSALS_TOLD = 2;

export class DeedStore {
  asked = $state.raw<{ readonly deed: AskedDeed; readonly refs: readonly ObjectRef[] } | null>(null);
  undos = $state.raw<readonly Undo[]>([]);
  readonly #client: LabClient;
  readonly #notices: NoticeStore;

  readonly #isPast: () => boolean;

  /** `isPast`: the window shows what was, which nothing can be done to. */
  constructor(client: LabClient, notices: NoticeStore, isPast: () => boolean) {
    this.#client = client;
    this.#notices = notices;
    this.#isPast = isPast;
  }

  ask(deed: AskedDeed, refs: readonly ObjectRef[]): void {
    this.asked = { deed, refs };
  }

  /** Does it, tells what became of it, and remembers what takes it back. */
  async act(action: ObjectAction, refs: readonly ObjectRef[]): Promise<readonly ActionResult[]> {
    const results = await this.#request(action, refs);
    const done = results.filter(({ refused }) => refused === '');
    this.#tellRefusals(results);
    if (done.length === 0) return results;
    const words = t(`deed.done.${action.do}`, { what: whatOf(done) });
    const steps = done.filter(({ undo }) => undo !== null);
    if (steps.length > 0) this.remember(words, () => this.#takeBack(steps));
    this.#notices.say(words, steps.length > 0 ? { label: t('deed.undo'), run: () => void this.undo() } : undefined);
    return results;
  }

  /** The same without words and without a way back: for those who tell it in their own way. */
  async quietly(action: ObjectAction, refs: readonly ObjectRef[]): Promise<readonly ActionResult[]> {
    return this.#request(action, refs);
  }

  remember(words: string, run: () => Promise<boolean>): void {
    this.undos = [...this.undos, { words, run }].slice(-UNDOS_MAX);
  }

  async undo(): Promise<void> {
    if (this.#isPast()) {
      this.#notices.say(t('deed.undoLater'));
      return;
    }
    const last = this.undos.at(-1);
    if (!last) {
      this.#notices.say(t('deed.nothingToUndo'));
      return;
    }
    this.undos = this.undos.slice(0, -1);
    if (await last.run()) this.#notices.say(t('deed.undone', { what: last.words }));
  }

  /** Another world: nothing of the old one can be taken back in it. */
  forget(): void {
    this.undos = [];
    this.asked = null;
  }

  async #request(action: ObjectAction, refs: readonly ObjectRef[]): Promise<readonly ActionResult[]> {
    const results: ActionResult[] = [];
    try {
      for (let from = 0; from < refs.length; from += OBJECTS_MAX) {
        const names = refs.slice(from, from + OBJECTS_MAX).map(({ kind, key }) => ({ kind, key }));
        results.push(...(await this.#client.request('object.act', { action, names })));
      }
    } catch (error) {
      this.#notices.trouble(error instanceof Error ? error.message : String(error));
    }
    return results;
  }

  /** Objects that are taken back in the same way go together. */
  async #takeBack(steps: readonly ActionResult[]): Promise<boolean> {
    const groups = new Map<string, { readonly action: ObjectAction; readonly refs: ObjectRef[] }>();
    for (const { kind, key, undo } of steps) {
      if (undo === null) continue;
      const name = JSON.stringify(undo);
      const group = groups.get(name);
      if (group) group.refs.push({ kind, key });
      else groups.set(name, { action: undo, refs: [{ kind, key }] });
    }
    let any = false;
    for (const { action, refs } of groups.values()) {
      const results = await this.#request(action, refs);
      this.#tellRefusals(results);
      any ||= results.some(({ refused }) => refused === '');
    }
    return any;
  }

  #tellRefusals(results: readonly ActionResult[]): void {
    const messages = [...new Set(results.filter(({ refused }) => refused !== '').map(({ refused }) => refused))];
    for (const message of messages.slice(0, REFUSALS_TOLD)) this.#notices.trouble(message);
    const more = messages.length - REFUSALS_TOLD;
    if (more > 0) this.#notices.trouble(t('deed.moreRefused', { count: more }));
  }
}

/** One by its name, several by their number. */
function whatOf(refs: readonly ObjectRef[]): string {
  return refs.length === 1 ? (refs[0]?.key ?? '') : t('deed.objects', { count: refs.length });
}
