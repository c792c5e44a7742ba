// Chance gives pods, ReplicaSets, volumes and attachments names that nobody can remember; a story calls them by what they are and their order.
// A story must also not change from top to bottom when one more random number is drawn.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import { controllerOf } from '../../src-main/engine/meta/owner-references.ts';

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const ID = /\b(?:[0-9a-f]{32,64}|vol-[0-9a-f]{17})\b/g;
const NAME = /[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/g;

/** `web-5d8f9c7b64-x2v9q` is told as `web-A-1`: first pod of the first ReplicaSet of `web`. */
export class ShortNames {
  readonly #told = new Map<string, string>();
  readonly #real = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #claims = new Map<string, string>();

  /** Hears of every change, so that it knows each name before anybody speaks of it. */
  hear({ type, object }: Delta): void {
    if (type === 'ADDED') this.#meet(object);
  }

  /** The text as the story tells it. */
  tell(text: string): string {
    const named = text.replaceAll(NAME, (word) => this.#told.get(word) ?? this.#neverMade(word) ?? word);
    return named.replaceAll(UID, 'UID').replaceAll(ID, 'ID');
  }

  /** What the world calls the thing. */
  real(word: string): string {
    return this.#real.get(word) ?? word;
  }

  /** `web-A-?`: a pod of a ReplicaSet that is known, with a name that chance gave and no pod got. */
  #neverMade(word: string): string | undefined {
    const [, stem = ''] = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{5}$/.exec(word) ?? [];
    const told = this.#told.get(stem);
    return told === undefined ? undefined : `${told}-?`;
  }

  #meet(object: ApiObject): void {
    const { name, generateName, uid } = object.metadata;
    if (object.kind === 'PersistentVolumeClaim') this.#claims.set(uid, name);
    // A StatefulSet's pod has its name by its number, not by chance.
    else if (object.metadata.labels?.['statefulset.kubernetes.io/pod-name'] === name) return;
    else if (generateName !== undefined) {
      const stem = this.tell(generateName.replace(/-$/, ''));
      this.#numbered(name, object.kind === 'EndpointSlice' ? `${stem}-slice` : stem);
    } else if (object.kind === 'ReplicaSet') {
      const owner = controllerOf(object);
      if (owner !== undefined) this.#lettered(name, owner.name);
    } else if (object.kind === 'PersistentVolume') {
      const claim = this.#claims.get(name.replace(/^pvc-/, ''));
      if (claim !== undefined) this.#numbered(name, `pv-${claim}`);
    } else if (object.kind === 'VolumeAttachment') {
      const { nodeName, source } = (object as unknown as { spec: { nodeName: string; source: { persistentVolumeName: string } } }).spec;
      this.#name(name, `${this.tell(source.persistentVolumeName)}-on-${nodeName}`);
    }
  }

  #numbered(name: string, stem: string): void {
    this.#name(name, `${stem}-${this.#count(stem)}`);
  }

  #lettered(name: string, stem: string): void {
    this.#name(name, `${stem}-${String.fromCharCode(64 + this.#count(`${stem}/`))}`);
  }

  #count(stem: string): number {
    const next = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, next);
    return next;
  }

  #name(real: string, told: string): void {
    this.#told.set(real, told);
    this.#real.set(told, real);
  }
}
