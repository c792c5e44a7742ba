// What somebody who watches the cluster would write down: events, rows, conditions and taints as they change, each with its time.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Event } from '../../src-main/engine/kinds/core/event.ts';
import { countOf } from '../../src-main/engine/kinds/core/event-sighting.ts';
import { type Kind, kindKey } from '../../src-main/engine/kinds/kind.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import type { ShortNames } from '../support/short-names.ts';
import type { TestCluster } from '../support/test-cluster.ts';

export type Aspect = 'events' | 'rows' | 'conditions' | 'taints';

/** One thing to look at: `events of pods`, `conditions of node/worker-2`. */
interface Watch {
  readonly aspect: Aspect;
  readonly kind: Kind;
  /** Of told names; `*` stands for anything. */
  readonly name: RegExp;
}

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}
interface TaintLike {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export class Observer {
  readonly #cluster: TestCluster;
  readonly #names: ShortNames;
  #watches: readonly Watch[] = [];
  #lines: string[] = [];
  #startMs: number;

  constructor(cluster: TestCluster, names: ShortNames) {
    this.#cluster = cluster;
    this.#names = names;
    this.#startMs = cluster.nowMs;
    this.follow();
  }

  /** Listens to the cluster's present world. */
  follow(): void {
    this.#cluster.world.store.onEveryChange((delta) => {
      this.#names.hear(delta);
      this.#hear(delta);
    });
  }

  /** From now on times count from here. */
  mark(): void {
    this.#startMs = this.#cluster.nowMs;
  }

  /** Adds `pods`, `node/worker-2` or `pod/db-*`; no aspect: looks away. */
  watch(aspect: Aspect | null, targets: readonly string[]): void {
    if (aspect === null) this.#watches = [];
    else {
      const added = targets.map((target) => {
        const [word = '', name = '*'] = target.split('/');
        const pattern = name.replaceAll('.', '\\.').replaceAll('*', '.*');
        return { aspect, kind: this.#cluster.kind(word), name: new RegExp(`^${pattern}$`) };
      });
      this.#watches = [...this.#watches, ...added];
    }
  }

  /** What was written down since the last call. */
  take(): readonly string[] {
    const taken = this.#lines;
    this.#lines = [];
    return taken;
  }

  #hear(delta: Delta): void {
    if (delta.kind === 'Event') {
      if (delta.type !== 'DELETED') this.#event(delta.object as Event);
      return;
    }
    if (this.#watches.length === 0) return;
    for (const aspect of ['rows', 'conditions', 'taints'] as const)
      if (this.#wants(aspect, delta.kind, delta.object.metadata.name)) this.#change(aspect, delta);
  }

  #wants(aspect: Aspect, kind: string, name: string): boolean {
    const told = this.#names.tell(name);
    return this.#watches.some((watch) => watch.aspect === aspect && kindKey(watch.kind) === kind && watch.name.test(told));
  }

  #event(event: Event): void {
    const { type, reason, message, involvedObject } = event;
    const kind = involvedObject.kind ?? '';
    const group = /^(.*)\//.exec(involvedObject.apiVersion ?? '')?.[1] ?? '';
    if (!this.#wants('events', kindKey({ group, kind }), involvedObject.name ?? '')) return;
    const count = countOf(event);
    const times = count > 1 ? ` (x${count})` : '';
    this.#write(kind, involvedObject.name ?? '', `${type === 'Warning' ? 'Warning ' : ''}${reason}: ${message}${times}`);
  }

  #change(aspect: 'rows' | 'conditions' | 'taints', { type, object, previous }: Delta): void {
    const told = (text: string): void => this.#write(object.kind, object.metadata.name, text);
    if (aspect === 'rows') this.#row(type, object, previous, told);
    else if (aspect === 'conditions') {
      const before = conditionsOf(previous);
      for (const line of conditionsOf(object)) if (!before.includes(line)) told(line);
    } else {
      const [before, after] = [taintsOf(previous), taintsOf(object)];
      for (const taint of before) if (!after.includes(taint)) told(`no longer tainted ${taint}`);
      for (const taint of after) if (!before.includes(taint)) told(`tainted ${taint}`);
    }
  }

  #row(type: Delta['type'], object: ApiObject, previous: ApiObject | null, told: (text: string) => void): void {
    if (type === 'DELETED') {
      told('is gone');
      return;
    }
    const after = this.#cells(object);
    if (previous === null || this.#cells(previous) !== after) told(after);
  }

  #cells(object: ApiObject): string {
    const kind = this.#cluster.kind(`${object.kind}${groupOf(object)}`);
    const columns = kind.columns.filter(({ name, priority = 0 }) => priority === 0 && name !== 'Name' && name !== 'Age');
    const cell = ({ value }: (typeof columns)[number]): string =>
      String(value(object, this.#cluster.world.timeline.unixMs)).replace(/ \(.* ago\)$/, '');
    return columns.map(cell).join('  ');
  }

  #write(kind: string, name: string, text: string): void {
    const seconds = ((this.#cluster.nowMs - this.#startMs) / 1000).toFixed(1);
    const subject = `${kind.toLowerCase()}/${name}`;
    this.#lines.push(this.#names.tell(`${`${seconds}s`.padStart(8)}  ${subject}  ${text}`));
  }
}

function groupOf({ apiVersion }: ApiObject): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : `.${apiVersion.slice(0, slash)}`;
}

export function conditionsOf(object: ApiObject | null): readonly string[] {
  const { status } = (object ?? {}) as { status?: { conditions?: readonly ConditionLike[] } };
  return (status?.conditions ?? []).map(({ type, status: is, reason = '', message = '' }) =>
    [`${type}=${is}`, reason, message === '' ? '' : `"${message}"`].filter((part) => part !== '').join(' '),
  );
}

export function taintsOf(object: ApiObject | null): readonly string[] {
  const { spec } = (object ?? {}) as { spec?: { taints?: readonly TaintLike[] } };
  return (spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`);
}
