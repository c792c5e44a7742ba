// A bench for one controller: the very controller of the lab on tables that change at once, without API server, kubelets or time,
// because Kubernetes' own controller tests put controllers before such tables.
import { inOneGo, type Steps } from '../../../engine/base/in-one-go.ts';
import { formatTimestamp } from '../../../engine/base/timestamp.ts';
import type {
  AnyController,
  Cache,
  Client,
  ControllerContext,
  ControllerDefinition,
  RunningController,
} from '../../../engine/client/component.ts';
import { type Kind, kindKey } from '../../../engine/kinds/kind.ts';
import { type ApiObject, keyOf } from '../../../engine/meta/object.ts';
import { notFound } from '../../../engine/meta/status-error.ts';

type Handler = (next: ApiObject | undefined, previous: ApiObject | undefined) => void;

export interface Written {
  readonly verb: 'create' | 'delete';
  readonly kind: string;
  readonly name: string;
}

export class ControllerBench {
  /** Creations and deletions, in order. */
  readonly written: Written[] = [];
  readonly #tables = new Map<string, BenchTable>();
  readonly #running: RunningController;
  readonly client: Client;
  #serial = 0;
  readonly #unixMs: number;

  constructor(controller: AnyController, unixMs: number) {
    this.#unixMs = unixMs;
    const definition = controller as unknown as ControllerDefinition<unknown>;
    const context = this.#context(definition.name, definition.initialState());
    this.client = context.client;
    this.#running = definition.start(context);
  }

  reconcile(key: string): void {
    const steps = this.#running.reconcile(key);
    if (steps !== undefined) inOneGo(steps);
  }

  objects<T extends ApiObject>(kind: Kind<T>): readonly T[] {
    return [...this.#table(kind).values()] as T[];
  }

  /** Puts an object there that the controller did not make, or changes it. */
  place<T extends ApiObject>(kind: Kind<T>, object: T): T {
    const { uid } = object.metadata;
    const next = { ...object, metadata: { ...object.metadata, uid: (uid ?? '') === '' ? this.#uid(object) : uid } };
    this.#table(kind).put(next);
    return next;
  }

  remove<T extends ApiObject>(kind: Kind<T>, key: string): void {
    this.#table(kind).drop(key);
  }

  #uid({ metadata }: ApiObject): string {
    this.#serial += 1;
    return `${metadata.name}-uid-${this.#serial}`;
  }

  #table(kind: { readonly group: string; readonly kind: string }): BenchTable {
    const name = kindKey(kind);
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = new BenchTable();
      this.#tables.set(name, table);
    }
    return table;
  }

  #found(kind: Kind<never>, key: string): ApiObject {
    const object = this.#table(kind).get(key);
    if (object === undefined) throw notFound({ group: kind.group, resource: kind.plural }, key);
    return object;
  }

  #context(name: string, state: unknown): ControllerContext<unknown> {
    const change = (kind: Kind<never>, key: string, edit: (current: never) => ApiObject): ApiObject => {
      const next = edit(this.#found(kind, key) as never);
      this.#table(kind).put(next);
      return next;
    };
    const update = (kind: Kind<never>, object: ApiObject): ApiObject => change(kind, keyOf(object), () => object);
    const client = {
      get: (kind: Kind<never>, key: string) => this.#found(kind, key),
      list: (kind: Kind<never>) => [...this.#table(kind).values()],
      create: (kind: Kind<never>, draft: ApiObject) => this.#create(kind, draft),
      update,
      updateStatus: update,
      patch: change,
      patchStatus: change,
      delete: (kind: Kind<never>, key: string) => {
        this.written.push({ verb: 'delete', kind: kind.kind, name: this.#found(kind, key).metadata.name });
        this.#table(kind).drop(key);
      },
    };
    const nothing = (): void => {};
    return {
      name,
      state,
      restored: true,
      client,
      events: { record: nothing },
      time: { nowMs: 0, unixMs: this.#unixMs, timestamp: () => formatTimestamp(this.#unixMs) },
      queue: { add: nothing, addAfter: nothing, addRateLimited: nothing, forget: nothing },
      cache: (kind: Kind<never>) => this.#table(kind),
      prepare: (steps: Steps) => inOneGo(steps),
    } as unknown as ControllerContext<unknown>;
  }

  /** A pod that is made anew under a name that is there is no conflict on a bench: a created pod has no phase yet. */
  #create(kind: Kind<never>, draft: ApiObject): ApiObject {
    const { generateName = '' } = draft.metadata;
    this.#serial += 1;
    const name = draft.metadata.name ?? `${generateName}${this.#serial}`;
    const object = {
      status: {},
      ...draft,
      metadata: { ...draft.metadata, name, uid: `${name}-uid-${this.#serial}`, creationTimestamp: formatTimestamp(this.#unixMs) },
    } as ApiObject;
    this.written.push({ verb: 'create', kind: kind.kind, name });
    this.#table(kind).put(object);
    return object;
  }
}

/** An informer's cache that hears at once. */
class BenchTable implements Cache<ApiObject> {
  readonly #objects = new Map<string, ApiObject>();
  readonly #indexes = new Map<string, (object: ApiObject) => readonly string[]>();
  readonly #handlers: Handler[] = [];

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): ApiObject | undefined {
    return this.#objects.get(key);
  }

  /** It hears of every end before a name is taken again. */
  displaced(): undefined {
    return undefined;
  }

  values(): Iterable<ApiObject> {
    return this.#objects.values();
  }

  inNamespace(namespace: string): Iterable<ApiObject> {
    return [...this.#objects.values()].filter(({ metadata }) => metadata.namespace === namespace);
  }

  *inNamespaceInSteps(namespace: string): Generator<void, Iterable<ApiObject>> {
    yield;
    return this.inNamespace(namespace);
  }

  *inOrder(keys: readonly string[]): Generator<void, readonly string[]> {
    yield;
    const places = new Map([...this.#objects.keys()].map((key, index) => [key, index]));
    return keys.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  }

  index(name: string, of: (object: ApiObject) => readonly string[]): void {
    this.#indexes.set(name, of);
  }

  by(name: string, value: string): Iterable<ApiObject> {
    return [...this.#objects.values()].filter((object) => this.#indexes.get(name)?.(object).includes(value) === true);
  }

  *byInSteps(name: string, value: string): Generator<void, Iterable<ApiObject>> {
    yield;
    return this.by(name, value);
  }

  onChange(handler: Handler): void {
    this.#handlers.push(handler);
  }

  put(object: ApiObject): void {
    const previous = this.#objects.get(keyOf(object));
    this.#objects.set(keyOf(object), object);
    for (const handler of this.#handlers) handler(object, previous);
  }

  drop(key: string): void {
    const previous = this.#objects.get(key);
    this.#objects.delete(key);
    for (const handler of this.#handlers) handler(undefined, previous);
  }
}
