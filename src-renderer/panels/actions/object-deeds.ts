/**
 * Everything that can be done to objects, registered once: menus, the table, the inspector and the command palette read this list.
 * What asks before it is done opens a dialog; the rest is done at once, and can be undone where Kubernetes can.
 */
import type { Lab } from '../../stores/lab.svelte.ts';
import { keyOf, type ObjectRef } from '../../stores/selection-store.svelte.ts';
import type { IconName } from '../../ui/icon-paths.ts';

export interface ObjectDeed {
  /** Called so in `deed.<name>`. */
  readonly name: string;
  readonly icon: IconName;
  /** For several objects, or for one at a time. */
  readonly several: boolean;
  /** Where it makes sense now. */
  readonly applies: (lab: Lab, ref: ObjectRef) => boolean;
  readonly run: (lab: Lab, refs: readonly ObjectRef[]) => void;
}

const SCALABLE: ReadonlySet<string> = new Set(['Deployment.apps', 'ReplicaSet.apps', 'ReplicationController', 'StatefulSet.apps']);
/** upstream: kubectl pkg/polymorphichelpers/objectrestarter.go */
const RESTARTABLE: ReadonlySet<string> = new Set(['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);
const ROLLED: ReadonlySet<string> = RESTARTABLE;
const SUSPENDABLE: ReadonlySet<string> = new Set(['Job.batch', 'CronJob.batch']);
const DEPLOYMENT = 'Deployment.apps';
/** What `kubectl autoscale` takes. */
const AUTOSCALED: ReadonlySet<string> = new Set([DEPLOYMENT, 'StatefulSet.apps', 'ReplicaSet.apps', 'ReplicationController']);
/** Zones are a label of nodes, not objects. */
const NO_OBJECTS: ReadonlySet<string> = new Set(['Zone']);

const nodeOf = (lab: Lab, { kind, key }: ObjectRef) => (kind === 'Node' ? lab.cluster.node(key) : undefined);

/** Suspended, or paused; undefined where nothing is known of it. */
const isSuspended = (lab: Lab, { kind, key }: ObjectRef): boolean | undefined => {
  for (const object of lab.cluster.table('objects').values())
    if (object.kind === kind && keyOf(object) === key) return object.suspended === true;
  return undefined;
};

export const OBJECT_DEEDS: readonly ObjectDeed[] = [
  {
    name: 'inspect',
    icon: 'search',
    several: false,
    applies: (_lab, { kind }) => !NO_OBJECTS.has(kind),
    run: (lab, [ref]) => ref && lab.selection.reveal(ref),
  },
  {
    name: 'edit',
    icon: 'edit',
    several: false,
    applies: (_lab, { kind }) => !NO_OBJECTS.has(kind),
    run: (lab, [ref]) => ref && lab.editing.open(ref),
  },
  {
    name: 'scale',
    icon: 'scale',
    several: true,
    applies: (_lab, { kind }) => SCALABLE.has(kind),
    run: (lab, refs) => lab.deeds.ask('scale', refs),
  },
  {
    name: 'resize',
    icon: 'scale',
    several: false,
    applies: (_lab, { kind }) => kind === 'Pod',
    run: (lab, refs) => lab.deeds.ask('resize', refs),
  },
  {
    name: 'restart',
    icon: 'heal',
    several: true,
    applies: (_lab, { kind }) => RESTARTABLE.has(kind),
    run: (lab, refs) => void lab.deeds.act({ do: 'restart' }, refs),
  },
  {
    name: 'rollback',
    icon: 'undo',
    several: true,
    applies: (_lab, { kind }) => ROLLED.has(kind),
    run: (lab, refs) => void lab.deeds.act({ do: 'rollback' }, refs),
  },
  {
    name: 'pause',
    icon: 'pause',
    several: true,
    applies: (lab, ref) => ref.kind === DEPLOYMENT && isSuspended(lab, ref) === false,
    run: (lab, refs) => void lab.deeds.act({ do: 'suspend' }, refs),
  },
  {
    name: 'unpause',
    icon: 'play',
    several: true,
    applies: (lab, ref) => ref.kind === DEPLOYMENT && isSuspended(lab, ref) === true,
    run: (lab, refs) => void lab.deeds.act({ do: 'resume' }, refs),
  },
  {
    name: 'trigger',
    icon: 'next',
    several: true,
    applies: (_lab, { kind }) => kind === 'CronJob.batch',
    run: (lab, refs) => void lab.deeds.act({ do: 'trigger' }, refs),
  },
  {
    name: 'suspend',
    icon: 'pause',
    several: true,
    applies: (lab, ref) => SUSPENDABLE.has(ref.kind) && isSuspended(lab, ref) === false,
    run: (lab, refs) => void lab.deeds.act({ do: 'suspend' }, refs),
  },
  {
    name: 'resume',
    icon: 'play',
    several: true,
    applies: (lab, ref) => SUSPENDABLE.has(ref.kind) && isSuspended(lab, ref) === true,
    run: (lab, refs) => void lab.deeds.act({ do: 'resume' }, refs),
  },
  {
    name: 'autoscale',
    icon: 'scale',
    several: false,
    applies: (_lab, { kind }) => AUTOSCALED.has(kind),
    run: (lab, refs) => lab.deeds.ask('autoscale', refs),
  },
  {
    name: 'load',
    icon: 'load',
    several: false,
    applies: (_lab, { kind }) => kind === 'Service',
    run: (lab, refs) => lab.deeds.ask('load', refs),
  },
  {
    name: 'group',
    icon: 'topology',
    several: false,
    applies: (_lab, { kind, key }) => kind === 'Zone' && key !== '',
    run: (lab, refs) => lab.deeds.ask('group', refs),
  },
  {
    name: 'cordon',
    icon: 'cordon',
    several: true,
    applies: (lab, ref) => nodeOf(lab, ref)?.cordoned === false,
    run: (lab, refs) => void lab.deeds.act({ do: 'cordon' }, refs),
  },
  {
    name: 'uncordon',
    icon: 'uncordon',
    several: true,
    applies: (lab, ref) => nodeOf(lab, ref)?.cordoned === true,
    run: (lab, refs) => void lab.deeds.act({ do: 'uncordon' }, refs),
  },
  {
    name: 'drain',
    icon: 'drain',
    several: true,
    applies: (_lab, { kind }) => kind === 'Node',
    run: (lab, refs) => lab.deeds.ask('drain', refs),
  },
  {
    name: 'taint',
    icon: 'taint',
    several: true,
    applies: (_lab, { kind }) => kind === 'Node',
    run: (lab, refs) => lab.deeds.ask('taint', refs),
  },
  {
    name: 'move',
    icon: 'move',
    several: false,
    applies: (_lab, { kind }) => kind === 'Pod',
    run: (lab, [ref]) => ref && lab.places.ask(ref),
  },
  {
    name: 'reach',
    icon: 'move',
    several: false,
    applies: (_lab, { kind }) => kind === 'PersistentVolume',
    run: (lab, [ref]) => ref && lab.places.ask(ref),
  },
  {
    name: 'evict',
    icon: 'evict',
    several: true,
    applies: (_lab, { kind }) => kind === 'Pod',
    run: (lab, refs) => void lab.deeds.act({ do: 'evict' }, refs),
  },
  {
    name: 'delete',
    icon: 'trash',
    several: true,
    applies: (_lab, { kind }) => !NO_OBJECTS.has(kind),
    run: (lab, refs) => lab.deeds.ask('delete', refs),
  },
];

/** In the past one can only look, and ask where something could have gone. */
const LOOKS: ReadonlySet<string> = new Set(['inspect', 'move', 'reach']);

export function canDo(lab: Lab, deed: ObjectDeed, ref: ObjectRef): boolean {
  return (lab.past.shown === null || LOOKS.has(deed.name)) && deed.applies(lab, ref);
}

/** What can be done to these: to several only what can be done to at least one of them, and then to those it can. */
export function deedsFor(lab: Lab, refs: readonly ObjectRef[]): readonly ObjectDeed[] {
  return OBJECT_DEEDS.filter((deed) => (deed.several || refs.length === 1) && refs.some((ref) => canDo(lab, deed, ref)));
}

export function runDeed(lab: Lab, deed: ObjectDeed, refs: readonly ObjectRef[]): void {
  deed.run(
    lab,
    refs.filter((ref) => canDo(lab, deed, ref)),
  );
}
