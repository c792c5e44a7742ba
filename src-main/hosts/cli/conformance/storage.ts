// Runners of the storage suites: they put a case's objects before the binder's rules and read the outcome back.
import { findMatchingVolume } from '../../../engine/kinds/core/find-matching-volume.ts';
import type { Node } from '../../../engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../../engine/kinds/core/persistent-volume-claim.ts';
import { type BinderCase, type BinderOutcome, runBinder } from './binder-case.ts';
import { compareWhole } from './compare.ts';
import type { SuiteRunner, Suites } from './run-conformance.ts';

interface MatchCase {
  readonly pvs: readonly PersistentVolume[];
  readonly claim: PersistentVolumeClaim;
  readonly delayBinding?: boolean;
  readonly node?: Node | null;
  readonly excluded?: readonly string[];
}

function runMatch({ pvs, claim, delayBinding = false, node = null, excluded = [] }: MatchCase): unknown {
  const found = findMatchingVolume(claim, pvs, { delayBinding, node, excluded: new Set(excluded) });
  return { pv: found?.metadata.name ?? null };
}

const binder: SuiteRunner = {
  run: runBinder as (given: BinderCase) => unknown,
  compare: (actual, expected) => compareWhole(shape(actual as BinderOutcome, expected as BinderOutcome), shape(expected as BinderOutcome)),
};

export const storageSuites: Suites = {
  'pv.match': runMatch,
  'pv.lifecycle': binder,
  'pv.reclaim': binder,
  'pv.provision': binder,
};

/** What the tables assert, by object; `table` says which finalizers and events are asserted at all. */
function shape({ volumes, claims, events, error }: BinderOutcome, table?: BinderOutcome): unknown {
  const listed = new Map(table?.volumes.map((volume) => [volume.metadata.name, volume.metadata.finalizers]));
  return {
    error,
    events: table === undefined ? events : events.slice(0, table.events.length),
    volumes: Object.fromEntries(
      volumes.map(({ metadata, spec, status }) => {
        const finalizers = table === undefined || listed.get(metadata.name) !== undefined ? metadata.finalizers : undefined;
        return [
          metadata.name,
          {
            annotations: markers(metadata.annotations),
            claimRef: spec.claimRef,
            spec: { ...spec, claimRef: undefined },
            phase: status?.phase,
            finalizers,
          },
        ];
      }),
    ),
    claims: Object.fromEntries(
      claims.map(({ metadata, spec, status }) => [metadata.name, { annotations: markers(metadata.annotations), spec, status }]),
    ),
  };
}

// Any value of a bind marker will do.
function markers(annotations: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  const entries = Object.entries(annotations ?? {}).map(([name, value]) => [
    name,
    /\/(bind-completed|bound-by-controller)$/.test(name) ? 'yes' : value,
  ]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
