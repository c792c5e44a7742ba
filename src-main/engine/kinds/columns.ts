// The printer columns that many kinds share, so that names and ages read the same everywhere. upstream: pkg/printers/internalversion/printers.go
import { parseTimestamp } from '../base/timestamp.ts';
import { humanDuration } from '../meta/duration.ts';
import type { ApiObject } from '../meta/object.ts';
import type { PrinterColumn } from './kind.ts';

export const nameColumn: PrinterColumn<ApiObject> = { name: 'Name', type: 'string', value: (object) => object.metadata.name };

export const ageColumn: PrinterColumn<ApiObject> = {
  name: 'Age',
  type: 'string',
  value: (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs),
};

/** What kinds without columns of their own show. upstream: apiserver pkg/registry/rest/table.go NewDefaultTableConvertor */
export const createdAtColumn: PrinterColumn<ApiObject> = {
  name: 'Created At',
  type: 'date',
  value: (object) => object.metadata.creationTimestamp,
};

/** How long ago a timestamp was, as kubectl shows it. upstream: translateTimestampSince */
export function ageOf(timestamp: string | null | undefined, nowMs: number): string {
  const ms = timestamp === null || timestamp === undefined ? null : parseTimestamp(timestamp);
  return ms === null ? '<unknown>' : humanDuration(nowMs - ms);
}

/** `a=1,b=2`, or `<none>`. upstream: labels.FormatLabels */
export function mapText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

type WithTemplate = {
  readonly spec: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] } };
  };
};

/** Names and images of a workload's containers, shown with `-o wide`. upstream: layoutContainerCells */
export const templateColumns: readonly PrinterColumn<WithTemplate>[] = [
  {
    name: 'Containers',
    type: 'string',
    priority: 1,
    value: (object) =>
      containersOf(object)
        .map(({ name }) => name)
        .join(','),
  },
  {
    name: 'Images',
    type: 'string',
    priority: 1,
    value: (object) =>
      containersOf(object)
        .map(({ image }) => image ?? '')
        .join(','),
  },
];

function containersOf(object: WithTemplate): readonly { readonly name: string; readonly image?: string }[] {
  return object.spec.template?.spec?.containers ?? [];
}
