// Objects as rows of the columns that their kind states, which is what `kubectl get` shows. upstream: apiserver pkg/endpoints/handlers/response.go asTable
import type { Kind, PrinterColumn } from '../../kinds/kind.ts';
import type { ApiObject } from '../../meta/object.ts';
import { StatusError } from '../../meta/status-error.ts';
import { withOwners } from '../managed-fields/owners-of.ts';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** How much of each object a row carries. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: ListMeta;
  readonly columnDefinitions: readonly TableColumn[] | null;
  readonly rows: readonly { readonly cells: readonly (string | number | boolean | null)[]; readonly object: unknown }[];
}

export function includeObject(text: string | undefined): IncludeObject {
  if (text === undefined || text === '' || text === 'Metadata') return 'Metadata';
  if (text === 'None' || text === 'Object') return text;
  throw new StatusError('BadRequest', 400, `unrecognized includeObject value: ${JSON.stringify(text)}`);
}

/** `withColumns` false leaves the definitions out, as all events of a watch but the first do. */
export function tableOf(
  kind: Kind,
  objects: readonly ApiObject[],
  metadata: ListMeta,
  { nowMs, include, withColumns = true }: { readonly nowMs: number; readonly include: IncludeObject; readonly withColumns?: boolean },
): Table {
  const rows = objects.map((object) => ({
    cells: kind.columns.map((column) => column.value(object, nowMs)),
    object: include === 'Object' ? withOwners(kind, object) : include === 'None' ? null : identityOf(object),
  }));
  const columnDefinitions = withColumns ? kind.columns.map(definition) : null;
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}

export function partialMetadata({ metadata }: ApiObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

/** What a row carries of its object. Whose its fields are is left out, unlike upstream: nobody reads it from a table, and it is most of what there is. */
function identityOf({ metadata }: ApiObject): object {
  const { managedFields: _owners, ...identity } = metadata;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: identity };
}

function definition({ name, type, description = '', priority = 0 }: PrinterColumn<ApiObject>): TableColumn {
  // The description is the one that swagger gives metadata.name; the others have none of their own here.
  return { name, type, format: name === 'Name' ? 'name' : '', description, priority };
}
