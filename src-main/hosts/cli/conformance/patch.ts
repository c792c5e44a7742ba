// Suites of patches: how each form changes an object, and which fields merge.
import { createThreeWayPatch, createTwoWayPatch } from '../../../engine/api/patch/create-strategic-merge.ts';
import { applyMergePatch, createThreeWayMergePatch, splitNulls } from '../../../engine/api/patch/merge-patch.ts';
import { type FieldRule, type PatchSchema, plainSchema, ruleOf } from '../../../engine/api/patch/merge-rules.ts';
import { applyStrategicMerge } from '../../../engine/api/patch/strategic-merge.ts';
import type { JsonObject } from '../../../engine/meta/object.ts';
import type { SuiteRunner } from './run-conformance.ts';

interface ThreeWay {
  readonly original: JsonObject;
  readonly modified: JsonObject;
  readonly current: JsonObject;
}

export const patchSuites: Readonly<Record<string, SuiteRunner>> = {
  'patch.merge': ({ original, modified, current }: ThreeWay) => {
    const patch = createThreeWayMergePatch(original, modified, current);
    return { patch, result: applyMergePatch(current, patch) };
  },
  'patch.merge-nulls': ({ object }: { object: JsonObject }) => splitNulls(object),
  'patch.merge-keys': ({ apiVersion, type, field }: { apiVersion: string; type: string; field: string }) => {
    const { strategies, mergeKey } = ruleOf(`${folderOf(apiVersion)}.${type}`, field);
    return { strategy: strategies.length === 0 ? ['replace'] : strategies, mergeKey: mergeKey === '' ? null : mergeKey };
  },
  'patch.strategic-twoway': ({ original, modified }: ThreeWay) => {
    const patch = createTwoWayPatch(original, modified, mergeItem);
    return { patch, result: applyStrategicMerge(original, patch, mergeItem) };
  },
  'patch.strategic-threeway': (given: ThreeWay) => {
    const { patch, conflict } = createThreeWayPatch(given, mergeItem);
    return { conflict, patch, result: applyStrategicMerge(given.current, patch, mergeItem) };
  },
  'patch.strategic-apply': ({ original, patch }: { original: JsonObject; patch: JsonObject }) => {
    try {
      return { result: applyStrategicMerge(original, patch, mergeItem), error: null };
    } catch (error) {
      const { message } = error as Error;
      if (message.includes("doesn't match")) return { result: null, error: 'order-mismatch' };
      if (message.includes('merge key')) return { result: null, error: 'missing-merge-key' };
      throw error;
    }
  },
};

/** `v1` is `core`, `apps/v1` is `apps`, `storage.k8s.io/v1` is `storage`. */
function folderOf(apiVersion: string): string {
  if (apiVersion === 'v1') return 'core';
  return apiVersion.split('/')[0]?.split('.')[0] ?? '';
}

/** The test type of Kubernetes' own tables. */
const mergeItem: PatchSchema = {
  field: (name) => {
    const rule = (strategies: FieldRule['strategies'], mergeKey: string): FieldRule => ({ strategies, mergeKey, schema: mergeItem });
    switch (name) {
      case 'mergingList':
      case 'mergeItemPtr':
        return rule(['merge'], 'name');
      case 'mergingIntList':
        return rule(['merge'], '');
      case 'retainKeysMap':
        return rule(['retainKeys'], '');
      case 'retainKeysMergingList':
        return rule(['merge', 'retainKeys'], 'name');
      case 'replacingItem':
        return rule(['replace'], '');
      case 'simpleMap':
        return { strategies: [], mergeKey: '', schema: plainSchema };
      default:
        return rule([], '');
    }
  },
};
