// In which form an answer goes out: the first form of the Accept header that the server can make. upstream: apiserver pkg/endpoints/handlers/negotiation
import { StatusError } from '../../meta/status-error.ts';

/** `table`: rows as kubectl prints them; `metadata`: objects without spec and status; `discovery`: all groups in one document. */
export type Form = 'json' | 'table' | 'metadata' | 'discovery';

export interface Negotiated {
  readonly form: Form;
  readonly contentType: string;
}

const forms: Readonly<Record<string, Form>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
  APIGroupDiscoveryList: 'discovery',
};
const JSON_FORM: Negotiated = { form: 'json', contentType: 'application/json' };
/** The same document; whoever writes it out makes YAML of it. */
const YAML_FORM: Negotiated = { form: 'json', contentType: 'application/yaml' };

/** `allowed`: the forms that make sense for this answer, beside plain JSON. */
export function negotiate(accept: string, allowed: readonly Form[]): Negotiated {
  if (accept.trim() === '') return JSON_FORM;
  for (const clause of ranked(accept)) {
    const found = formOf(clause, allowed);
    if (found !== undefined) return found;
  }
  throw notAcceptable();
}

function notAcceptable(): StatusError {
  return new StatusError('NotAcceptable', 406, 'only the following media types are accepted: application/json, application/yaml', {});
}

interface Clause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function ranked(accept: string): readonly Clause[] {
  const clauses = accept.split(',').map((text, index) => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const));
    const quality = Number(parameters.get('q') ?? '1');
    return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality, index };
  });
  return clauses.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality || a.index - b.index);
}

function formOf({ type, parameters }: Clause, allowed: readonly Form[]): Negotiated | undefined {
  if (type === 'application/yaml' && !parameters.has('as')) return YAML_FORM;
  if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') return undefined;
  const as = parameters.get('as');
  if (as === undefined) return JSON_FORM;
  const form = Object.hasOwn(forms, as) ? forms[as] : undefined;
  const version = parameters.get('v') ?? '';
  if (form === undefined || !allowed.includes(form) || version !== (form === 'discovery' ? 'v2' : 'v1')) return undefined;
  const group = parameters.get('g') ?? '';
  const contentType =
    form === 'discovery' ? `application/json;g=${group};v=${version};as=${as}` : `application/json;as=${as};v=${version};g=${group}`;
  return { form, contentType };
}
