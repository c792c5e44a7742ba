/**
 * Which object's YAML a person wants to edit.
 * Anything that shows an object can ask for it; one dialog does it.
 */
import type { ObjectRef } from './selection-store.svelte.ts';

export class EditStore {
  ref = $state.raw<ObjectRef | null>(null);

  open(ref: ObjectRef): void {
    this.ref = ref;
  }

  close(): void {
    this.ref = null;
  }
}
