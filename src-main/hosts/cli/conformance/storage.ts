// Runners of the storage suites: they put a case's objects before the binder's rules and read the outcome back.

import { findMatchingVolume } from '../../../engine/kinds/core/find-matching-volume.ts';
import type { Node } from '../../../engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../../engine/kinds/core/persistent-volume-claim.ts';
import type { Suites } from './run-conformance.ts';

export const storageSuites: Suites = {
  'pv.match': runMatch,
};

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
