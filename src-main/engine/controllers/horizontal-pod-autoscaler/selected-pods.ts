// The pods that each autoscaler's target has, kept by the changes of pods, so that no look must go through all pods of a namespace.
// upstream: pkg/controller/podautoscaler/horizontal.go hpaSelectors, podSelectors

import type { Steps } from '../../base/in-one-go.ts';
import type { Cache } from '../../client/component.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { parseLabelSelector } from '../../meta/label-selector-text.ts';
import { compileRequirements } from '../../meta/labels.ts';
import { keyOf, splitKey } from '../../meta/object.ts';

interface Followed {
  readonly selector: string;
  readonly matches: (labels: Pod['metadata']['labels']) => boolean;
  /** Uids by key. */
  readonly pods: Map<string, string>;
}

export class SelectedPods {
  readonly #pods: Cache<Pod>;
  /** Selectors by autoscaler: part of the controller's memory. */
  readonly #selectors: Record<string, string>;
  /** By namespace, then by autoscaler. */
  readonly #followed = new Map<string, Map<string, Followed>>();
  /** Autoscalers by the uid of a pod. */
  readonly #byUid = new Map<string, Set<string>>();

  /** `changed` is told of each autoscaler that has a pod which changed. */
  constructor(pods: Cache<Pod>, selectors: Record<string, string>, changed: (autoscaler: string) => void) {
    this.#pods = pods;
    this.#selectors = selectors;
    pods.onChange((next, previous) => {
      const pod = (next ?? previous) as Pod;
      const key = keyOf(pod);
      for (const [autoscaler, followed] of this.#followed.get(pod.metadata.namespace) ?? []) {
        const had = followed.pods.has(key);
        const has = next !== undefined && followed.matches(next.metadata.labels);
        if (has) this.#add(autoscaler, followed, next);
        else if (had) this.#remove(autoscaler, followed, key);
        if (had || has) changed(autoscaler);
      }
    });
  }

  /** What a saved controller followed, found anew. */
  *resume(): Steps {
    for (const [autoscaler, selector] of Object.entries(this.#selectors)) this.#begin(autoscaler, selector);
    if (this.#followed.size === 0) return;
    for (const pod of this.#pods.values()) {
      for (const [autoscaler, followed] of this.#followed.get(pod.metadata.namespace) ?? [])
        if (followed.matches(pod.metadata.labels)) this.#add(autoscaler, followed, pod);
      yield;
    }
  }

  /** By name. The selector is one that can be read. */
  of(autoscaler: string, selector: string): readonly Pod[] {
    const { namespace } = splitKey(autoscaler);
    let followed = this.#followed.get(namespace)?.get(autoscaler);
    if (followed?.selector !== selector) {
      this.#selectors[autoscaler] = selector;
      followed = this.#follow(autoscaler, selector);
    }
    return [...followed.pods.keys()].sort().flatMap((key) => this.#pods.get(key) ?? []);
  }

  /** Names of the autoscalers that have one of these pods. */
  autoscalersOf(namespace: string, pods: readonly Pod[]): readonly string[] {
    const names: string[] = [];
    for (const [autoscaler, followed] of this.#followed.get(namespace) ?? [])
      if (pods.some((pod) => followed.pods.has(keyOf(pod)))) names.push(splitKey(autoscaler).name);
    return names.sort();
  }

  /** Autoscalers that have this pod. */
  havingPod(uid: string): Iterable<string> {
    return this.#byUid.get(uid) ?? [];
  }

  forget(autoscaler: string): void {
    delete this.#selectors[autoscaler];
    const others = this.#followed.get(splitKey(autoscaler).namespace);
    const followed = others?.get(autoscaler);
    if (followed === undefined) return;
    for (const key of [...followed.pods.keys()]) this.#remove(autoscaler, followed, key);
    others?.delete(autoscaler);
  }

  #follow(autoscaler: string, selector: string): Followed {
    const { namespace } = splitKey(autoscaler);
    const known = this.#followed.get(namespace)?.get(autoscaler);
    for (const key of [...(known?.pods.keys() ?? [])]) this.#remove(autoscaler, known as Followed, key);
    const followed = this.#begin(autoscaler, selector);
    for (const pod of this.#pods.inNamespace(namespace)) if (followed.matches(pod.metadata.labels)) this.#add(autoscaler, followed, pod);
    return followed;
  }

  /** Nothing of it found yet. */
  #begin(autoscaler: string, selector: string): Followed {
    const { namespace } = splitKey(autoscaler);
    const followed: Followed = { selector, matches: compileRequirements(parseLabelSelector(selector).value ?? []), pods: new Map() };
    const others = this.#followed.get(namespace) ?? new Map<string, Followed>();
    this.#followed.set(namespace, others.set(autoscaler, followed));
    return followed;
  }

  #add(autoscaler: string, followed: Followed, pod: Pod): void {
    const { uid } = pod.metadata;
    const key = keyOf(pod);
    if (followed.pods.get(key) === uid) return;
    this.#remove(autoscaler, followed, key);
    followed.pods.set(key, uid);
    this.#byUid.set(uid, (this.#byUid.get(uid) ?? new Set()).add(autoscaler));
  }

  #remove(autoscaler: string, followed: Followed, key: string): void {
    const uid = followed.pods.get(key);
    if (uid === undefined) return;
    followed.pods.delete(key);
    const autoscalers = this.#byUid.get(uid);
    autoscalers?.delete(autoscaler);
    if (autoscalers?.size === 0) this.#byUid.delete(uid);
  }
}
