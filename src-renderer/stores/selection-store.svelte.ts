/**
 * What the person looks at: the selected object, the one under the pointer, and the wish to bring one into view.
 * All views and panels share it, so a click in one is seen in the others.
 */

/** An object of the cluster by kind and key (`namespace/name`, or `name` where there is no namespace). */
export interface ObjectRef {
  readonly kind: string;
  readonly key: string;
}

export class SelectionStore {
  selected = $state.raw<ObjectRef | null>(null);
  hovered = $state.raw<ObjectRef | null>(null);
  /** Several nodes that are taken hold of together. */
  group = $state.raw<readonly string[]>([]);
  /** The notes on the scenario are read in the place of the cluster at a glance. */
  readsNotes = $state(false);
  /** Counts up with each wish to show the selected object in the middle of the view. */
  revealed = $state(0);

  select(ref: ObjectRef | null): void {
    this.selected = ref;
    if (this.group.length > 0) this.group = [];
  }

  /** One step back: from the object to the notes or to all at a glance, from the notes to all at a glance. */
  escape(): void {
    if (this.selected === null) this.readsNotes = false;
    this.selected = null;
  }

  reveal(ref: ObjectRef): void {
    this.selected = ref;
    this.revealed += 1;
  }

  /** Puts a node into the group, or takes it out again. */
  toggle(node: string): void {
    this.group = this.group.includes(node) ? this.group.filter((other) => other !== node) : [...this.group, node];
  }

  hover(ref: ObjectRef | null): void {
    if (!sameRef(this.hovered, ref)) this.hovered = ref;
  }
}

export function sameRef(one: ObjectRef | null, other: ObjectRef | null): boolean {
  return one === other || (one !== null && other !== null && one.kind === other.kind && one.key === other.key);
}

/** The key of a record: what the API server calls it. */
export function keyOf(record: { readonly namespace?: string; readonly name: string }): string {
  return record.namespace ? `${record.namespace}/${record.name}` : record.name;
}
