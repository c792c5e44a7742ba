// What a person can do to objects, each as kubectl does it: a closed list, so that it can be asked, weighed beforehand and taken back.

export interface ObjectName {
  readonly kind: string;
  readonly key: string;
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

export type ObjectAction =
  | {
      readonly do: 'delete';
      /** Left out: what the object itself asks for. 0 is `kubectl delete --force`. */
      readonly gracePeriodSeconds?: number;
      readonly cascade: 'Background' | 'Foreground' | 'Orphan';
    }
  | { readonly do: 'evict' }
  | { readonly do: 'scale'; readonly replicas: number }
  /** What containers of a pod ask for and may use, as `kubectl patch --subresource resize` says it; what is left out stays. */
  | { readonly do: 'resize'; readonly containers: readonly ContainerAmounts[] }
  | { readonly do: 'restart' }
  /** Back to the template before, as `kubectl rollout undo` does. */
  | { readonly do: 'rollback' }
  /** A Job or CronJob; a Deployment is paused, as `kubectl rollout pause` does. */
  | { readonly do: 'suspend' }
  | { readonly do: 'resume' }
  /** A CronJob now, as `kubectl create job --from` does. */
  | { readonly do: 'trigger' }
  | { readonly do: 'cordon' }
  | { readonly do: 'uncordon' }
  | { readonly do: 'taint'; readonly key: string; readonly value: string; readonly effect: TaintEffect }
  | { readonly do: 'untaint'; readonly key: string; readonly effect: TaintEffect }
  /** Makes an object anew from its text, as `kubectl create` does. */
  | { readonly do: 'create'; readonly manifest: string };

/** Amounts as Kubernetes writes them: `250m`, `64Mi`. */
export interface ContainerAmounts {
  readonly name: string;
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/** What became of an action on one object. */
export interface ActionResult extends ObjectName {
  /** The Status message when the API server refused; ''. */
  readonly refused: string;
  /** Its code: 429 asks to try again later. */
  readonly code: number;
  /** What takes it back, where Kubernetes can. */
  readonly undo: ObjectAction | null;
}

/** One thing that will happen, in words of `consequence.<what>`; `values` fill them. */
export interface Consequence {
  readonly what:
    | 'grace'
    | 'forced'
    | 'replaced'
    | 'not-replaced'
    | 'lost-node'
    | 'dependents-after'
    | 'dependents-before'
    | 'dependents-orphaned'
    | 'claim-in-use'
    | 'volume-in-use'
    | 'volume-deleted'
    | 'volume-released'
    | 'namespace'
    | 'node-pods'
    | 'finalizers';
  readonly grave: boolean;
  readonly values: Readonly<Record<string, string | number>>;
}

/** What `kubectl drain` would do with each pod of some nodes. */
export interface DrainPlan {
  /** `id` is the pod's uid: one that comes again under its name is another pod. */
  readonly evict: readonly { readonly key: string; readonly id: string }[];
  readonly skipped: readonly { readonly key: string; readonly why: 'daemon-set' | 'mirror' }[];
  /** What drain refuses to do unless it is told to. */
  readonly blocked: readonly { readonly key: string; readonly why: 'local-storage' | 'no-controller' }[];
}
