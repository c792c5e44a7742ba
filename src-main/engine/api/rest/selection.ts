// Which objects of a kind a list or a watch is about: label and field selectors of the query. upstream: apiserver pkg/registry/generic/matcher.go
import type { Kind } from '../../kinds/kind.ts';
import { exactFieldValue, matchesFields, parseFieldSelector } from '../../meta/field-selector.ts';
import { parseLabelSelector } from '../../meta/label-selector-text.ts';
import { compileRequirements } from '../../meta/labels.ts';
import type { ApiObject } from '../../meta/object.ts';
import { badRequest } from '../../meta/status-error.ts';
import { parameter, type RestRequest } from './rest-request.ts';

export interface Selection {
  readonly matches: (object: ApiObject) => boolean;
  /** The one name that can match, if the fields say so. */
  readonly name: string | undefined;
  /** Nothing was asked for: everything matches. */
  readonly everything: boolean;
}

/** `namespace` '' selects from all namespaces; `names`: those that the client's version has for the fields. Throws StatusError (400) when a selector cannot be read or a kind does not know a field. */
export function selectionOf(
  kind: Kind,
  namespace: string,
  request: Pick<RestRequest, 'query'>,
  names?: Readonly<Record<string, string>>,
): Selection {
  const labelText = parameter(request, 'labelSelector') ?? '';
  const fieldText = parameter(request, 'fieldSelector') ?? '';
  const labels = parseLabelSelector(labelText);
  if (labels.value === undefined) throw badRequest(labels.error);
  const fields = parseFieldSelector(fieldText);
  if (fields.value === undefined) throw badRequest(fields.error);
  const known = names ?? fieldsOf(kind, NOTHING);
  for (const { field } of fields.value) if (!Object.hasOwn(known, field)) throw badRequest(`field label not supported: ${field}`);
  const terms = names === undefined ? fields.value : fields.value.map((term) => ({ ...term, field: names[term.field] ?? term.field }));
  const matchesLabels = compileRequirements(labels.value);
  const within = (object: ApiObject): boolean => namespace === '' || object.metadata.namespace === namespace;
  const name = exactFieldValue(terms, 'metadata.name');
  // Many watch one object; each of them is asked about every change of the kind.
  const matchesTerms = (object: ApiObject): boolean =>
    terms.length === 1 && name !== undefined ? object.metadata.name === name : matchesFields(terms, fieldsOf(kind, object));
  return {
    matches: (object) =>
      (terms.length === 0 || matchesTerms(object)) && within(object) && (labelText === '' || matchesLabels(object.metadata.labels)),
    name,
    everything: labelText === '' && fieldText === '',
  };
}

/** Enough of an object for every kind to say which fields it has. */
const NOTHING = { apiVersion: '', kind: '', metadata: { name: '' }, spec: {}, status: {}, involvedObject: {} } as unknown as ApiObject;

/** upstream: AddFieldLabelConversionFunc of each kind */
function fieldsOf(kind: Kind, object: ApiObject): Readonly<Record<string, string>> {
  const { name, namespace = '' } = object.metadata;
  return { ...kind.selectableFields(object), 'metadata.name': name, ...(kind.namespaced && { 'metadata.namespace': namespace }) };
}
