// Suites of the rules of kinds: validation, printer columns, quality of service.

import { KindRegistry } from '../../../engine/api/kind-registry.ts';
import { formatTimestamp, parseTimestamp } from '../../../engine/base/timestamp.ts';
import { ageOf } from '../../../engine/kinds/columns.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import type { PodSpec } from '../../../engine/kinds/core/pod-spec.ts';
import { podTotals, type Side } from '../../../engine/kinds/core/pod-totals.ts';
import { qosClass } from '../../../engine/kinds/core/qos.ts';
import { type Kind, kindKey, type PrinterColumn, splitApiVersion } from '../../../engine/kinds/kind.ts';
import { validateObjectMeta } from '../../../engine/kinds/object-meta.ts';
import { storedKind } from '../../../engine/kinds/stored-kind.ts';
import type { FieldError } from '../../../engine/meta/field-error.ts';
import type { ApiObject } from '../../../engine/meta/object.ts';
import { canonicalQuantity, printQuantity } from '../../../engine/meta/quantity.ts';
import { compareWhole } from './compare.ts';
import type { SuiteRunner } from './run-conformance.ts';
import { wholeCasePod } from './whole-object.ts';

type Given = { readonly object: ApiObject };
type Printed = Given & { readonly now: string; readonly wide?: boolean };
type ErrorSummary = { readonly field: string; readonly type: string | null };
type Wanted = { readonly errors: readonly ErrorSummary[]; readonly exact: boolean };

/** Of the errors, upstream's test looks at the first one's text only. */
const firstError: SuiteRunner = {
  run: ({ object }: Given) => errorsOf(object)[0]?.toString() ?? null,
  compare: (actual, expected) => {
    const wanted = (expected as { firstErrorContains: string | null }).firstErrorContains;
    const found = actual as string | null;
    const right = wanted === null ? found === null : found?.includes(wanted) === true;
    return right ? [] : [`first error: expected ${String(wanted)}, got ${String(found)}`];
  },
};

export const kindSuites: Readonly<Record<string, SuiteRunner>> = {
  'resource.pod-sums': {
    run: ({ pod, sum }: { pod: Pod; sum: Side }) =>
      Object.fromEntries([...podTotals(wholeCasePod(pod).spec as PodSpec, sum)].map(([name, quantity]) => [name, printQuantity(quantity)])),
    compare: (actual, expected) => compareWhole(actual, canonical((expected as { resources: ResourceList }).resources)),
  },
  'pod.qos': ({ pod }: { pod: Pod }) => ({ qosClass: qosClass(wholeCasePod(pod).spec) }),
  'pod.status-column': {
    run: ({ pod, now }: { pod: Pod; now: string }) => {
      const cells = cellsOf(wholeCasePod(pod), now);
      const [ready, status, restarts, ip, node, nominatedNode, readinessGates] = [
        'Ready',
        'Status',
        'Restarts',
        'IP',
        'Node',
        'Nominated Node',
        'Readiness Gates',
      ].map((name) => cells.get(name));
      return { ready, status, restarts, ip, node, nominatedNode, readinessGates };
    },
    compare: compareStated,
  },
  'storage.columns': {
    run: ({ object, now }: Printed) => ({
      columns: Object.fromEntries([...cellsOf(object, now)].map(([name, cell]) => [name.toUpperCase(), cell])),
    }),
    compare: (actual, expected) => compareStated((actual as { columns: object }).columns, (expected as { columns: object }).columns),
  },
  'kubectl.printing-hpa': printedRow,
  'kubectl.printing-network': printedRow,
  'kubectl.printing-nodes': printedRow,
  'kubectl.printing-other': printedRow,
  'kubectl.columns': (given: Pick<ApiObject, 'apiVersion' | 'kind'>) => {
    const { columns } = kindOf(given);
    const names = (shown: readonly { readonly name: string }[]): readonly string[] => shown.map(({ name }) => name);
    return { columns: names(columns.filter(({ priority = 0 }) => priority === 0)), wideColumns: names(columns) };
  },
  'kubectl.printing-workloads': printedRow,
  'print.age': ({ secondsAgo }: { readonly secondsAgo: number | null }) => {
    const nowMs = 1_800_000_000_000;
    return { text: ageOf(secondsAgo === null ? null : formatTimestamp(nowMs - secondsAgo * 1000), nowMs) };
  },
  'validation.pod': {
    run: ({ object }: Given) => errorsOf(object).map((error) => ({ field: error.field, type: error.body().split(':')[0] })),
    compare: (actual, expected) => compareErrors(actual as readonly ErrorSummary[], expected as Wanted),
  },
  'validation.service': ({ object }: Given) => ({ errorCount: errorsOf(object).length }),
  'validation.deployment': firstError,
  'validation.hpa': firstError,
};

function kindOf({ apiVersion, kind }: Pick<ApiObject, 'apiVersion' | 'kind'>): Kind {
  const key = kindKey({ group: splitApiVersion(apiVersion).group, kind });
  return new KindRegistry().byKey(key) ?? storedKind(apiVersion, kind);
}

function errorsOf(object: ApiObject): readonly FieldError[] {
  const kind = kindOf(object);
  return [...validateObjectMeta(kind, object.metadata), ...kind.validate(object)];
}

function printedRow({ object: given, now, wide }: Printed): unknown {
  // A Go object without a name has the empty one.
  const object = { ...given, metadata: { ...given.metadata, name: given.metadata?.name ?? '' } };
  const shown = columnsOf(object).filter(({ priority = 0 }) => wide === true || priority === 0);
  return { cells: shown.map(({ value }) => value(object, parseTimestamp(now) ?? 0)) };
}

function columnsOf(object: ApiObject): readonly PrinterColumn<ApiObject>[] {
  return kindOf(object).columns;
}

function cellsOf(object: ApiObject, now: string): ReadonlyMap<string, string | number | boolean | null> {
  return new Map(columnsOf(object).map(({ name, value }) => [name, value(object, parseTimestamp(now) ?? 0)]));
}

/** Compares what the case states; cells it does not mention may be anything. */
function compareStated(actual: unknown, expected: unknown): readonly string[] {
  const cells = actual as Record<string, unknown>;
  return Object.entries(expected as Record<string, unknown>)
    .filter(([name, value]) => cells[name] !== value)
    .map(([name, value]) => `${name}: expected ${JSON.stringify(value)}, got ${JSON.stringify(cells[name])}`);
}

function compareErrors(actual: readonly ErrorSummary[], { errors, exact }: Wanted): readonly string[] {
  const text = JSON.stringify(actual);
  if (exact) return text === JSON.stringify(errors) ? [] : [`expected exactly ${JSON.stringify(errors)}, got ${text}`];
  const named = errors.every((wanted) => actual.some(({ field, type }) => field === wanted.field && (wanted.type ?? type) === type));
  return named ? [] : [`expected ${JSON.stringify(errors)} among ${text}`];
}

type ResourceList = Readonly<Record<string, string>>;

/** The same value may be written in many ways. */
function canonical(list: ResourceList): ResourceList {
  return Object.fromEntries(Object.entries(list).map(([name, text]) => [name, canonicalQuantity(text)]));
}
