// Holds a policy's expressions against the types of the resources that it is about: what can never be read is warned of in its status.
// The policy works all the same. upstream: apiserver pkg/admission/plugin/policy/validating/typechecking.go
import { compareText } from '../../base/compare-text.ts';
import type { CustomResourceDefinition } from '../apiextensions/custom-resource-definition.ts';
import { CelScope } from '../cel/expression.ts';
import type { CelShape } from '../cel/values.ts';
import { splitApiVersion } from '../kind.ts';
import { type FieldType, fieldsOf, typeOfKind } from '../kind-fields.ts';
import { kinds } from '../registry.ts';
import { composedScope, namespaceShape, requestShape, withVariables } from './policy-expressions.ts';
import type { ValidatingAdmissionPolicy } from './validating-admission-policy.ts';

export interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

const TYPES_MAX = 10;

export function expressionWarnings(
  { spec }: ValidatingAdmissionPolicy,
  definitions: readonly CustomResourceDefinition[],
): readonly ExpressionWarning[] {
  const types = typesToCheck(spec, definitions);
  const params = paramsShape(spec, definitions);
  const scopes = types.map(({ name, shape }) => ({ name, scope: scopeOf(spec, shape, params) }));
  const check = (fieldRef: string, source: string): readonly ExpressionWarning[] => {
    const faults = scopes.flatMap(({ name, scope }) => {
      const result = scope.compile(source);
      return 'error' in result ? [`${name}: ${result.error}\n`] : [];
    });
    return faults.length === 0 ? [] : [{ fieldRef, warning: faults.join('\n') }];
  };
  return (spec.validations ?? []).flatMap(({ expression = '', messageExpression = '' }, index) => [
    ...check(`spec.validations[${index}].expression`, expression),
    ...(messageExpression === '' ? [] : check(`spec.validations[${index}].messageExpression`, messageExpression)),
  ]);
}

interface Checked {
  /** `apps/v1, Kind=Deployment` */
  readonly name: string;
  readonly shape: CelShape;
}

/** Rules with a wildcard name no type. */
function typesToCheck(spec: ValidatingAdmissionPolicy['spec'], definitions: readonly CustomResourceDefinition[]): readonly Checked[] {
  const found = new Map<string, { readonly key: string; readonly checked: Checked }>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of spec.matchConstraints?.resourceRules ?? []) {
    if ([...apiGroups, ...apiVersions].some((text) => text.includes('*'))) continue;
    for (const group of apiGroups)
      for (const version of apiVersions)
        for (const resource of resources) {
          const kind = kindOf(group, version, resource, definitions);
          const shape = kind === undefined ? undefined : shapeOfKind(group, version, kind, definitions);
          if (kind === undefined || shape === undefined) continue;
          const name = `${group === '' ? '' : `${group}/`}${version}, Kind=${kind}`;
          found.set(name, { key: `${group} ${version} ${kind}`, checked: { name: group === '' ? `/${name}` : name, shape } });
        }
  }
  return [...found.values()]
    .sort((a, b) => compareText(a.key, b.key))
    .slice(0, TYPES_MAX)
    .map(({ checked }) => checked);
}

function kindOf(group: string, version: string, plural: string, definitions: readonly CustomResourceDefinition[]): string | undefined {
  const builtIn = kinds.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);
  return builtIn?.kind ?? definitions.find(({ spec }) => spec.group === group && spec.names.plural === plural)?.spec.names.kind;
}

function paramsShape(
  { paramKind }: ValidatingAdmissionPolicy['spec'],
  definitions: readonly CustomResourceDefinition[],
): CelShape | undefined {
  const { apiVersion = '', kind = '' } = paramKind ?? {};
  const { group, version } = splitApiVersion(apiVersion);
  return paramKind === undefined ? undefined : shapeOfKind(group, version, kind, definitions);
}

function shapeOfKind(group: string, version: string, kind: string, definitions: readonly CustomResourceDefinition[]): CelShape | undefined {
  const builtIn = typeOfKind(group, version, kind);
  if (builtIn !== undefined) return shapeOfType(builtIn);
  const definition = definitions.find(({ spec }) => spec.group === group && spec.names.kind === kind);
  const schema = definition?.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema;
  if (schema === undefined) return undefined;
  const text: CelShape = { type: 'string' };
  return { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata: shapeOfType('meta.ObjectMeta') } };
}

const shapes = new Map<FieldType, CelShape>();
const unknown: CelShape = { type: 'dyn' };

/** One shape for each type, so that it is declared once; a type that holds itself is not followed. */
function shapeOfType(type: FieldType): CelShape {
  if (type.startsWith('[]')) return { type: 'array', items: shapeOfType(type.slice(2)) };
  if (type.startsWith('{}')) return { type: 'object', additionalProperties: shapeOfType(type.slice(2)) };
  const simple = simpleShapes[type];
  if (simple !== undefined) return simple;
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const fields = fieldsOf(type);
  if (fields === undefined) return unknown;
  shapes.set(type, unknown);
  const shape: CelShape = {
    type: 'object',
    hasPlainNames: true,
    properties: Object.fromEntries(Object.entries(fields).map(([name, inner]) => [name, shapeOfType(inner)])),
  };
  shapes.set(type, shape);
  return shape;
}

const time: CelShape = { type: 'string', format: 'date-time' };
const simpleShapes: Readonly<Record<string, CelShape>> = {
  string: { type: 'string' },
  bytes: { type: 'string' },
  time,
  microTime: time,
  bool: { type: 'boolean' },
  int32: { type: 'integer' },
  int64: { type: 'integer' },
  quantity: unknown,
  intOrString: unknown,
  any: unknown,
};

/** Types of resources are many; each is declared once. */
const scopes = new WeakMap<CelShape, CelScope>();

function scopeOf(spec: ValidatingAdmissionPolicy['spec'], shape: CelShape, params: CelShape | undefined): CelScope {
  let scope = scopes.get(shape);
  if (scope === undefined) {
    scope = new CelScope({
      object: shape,
      oldObject: shape,
      request: requestShape,
      namespaceObject: namespaceShape,
      authorizer: { celType: 'kubernetes.authorization.Authorizer' },
    });
    scopes.set(shape, scope);
  }
  const whole = params === undefined ? scope : new CelScope({ params }, scope);
  return composedScope(whole, withVariables(whole, spec.variables).types);
}
