/**
 * Holds custom resources against the rules that their schemas state as expressions (`x-kubernetes-validations`): of a value by itself,
 * and of how it may change. upstream: apiextensions-apiserver pkg/apiserver/schema/cel/{compilation,validation}.go
 */
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldDuplicate, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import type { JsonValue } from '../../meta/object.ts';
import { OBJECT_COST_MAX } from '../cel/budget.ts';
import { embedded } from '../cel/declared-type.ts';
import { optionalOf, textReaders } from '../cel/environment.ts';
import { CelScope, type Compiled, type Expression } from '../cel/expression.ts';
import { type CelShape, celValue } from '../cel/values.ts';
import { isJsonObject, type JsonSchema, memberSchema } from './json-schema.ts';

export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly compiled: Compiled;
  readonly message: Compiled | undefined;
  /** Speaks of the old value: asked only where there is one. */
  readonly isTransition: boolean;
}

/** The rules of one place of a schema, read and checked. */
export function compileRules(schema: JsonSchema, isRoot: boolean): readonly CompiledRule[] {
  let known = compiledRules.get(schema);
  if (known === undefined) {
    const shape = shapeOf(schema, isRoot);
    known = ((schema['x-kubernetes-validations'] ?? []) as unknown as readonly ValidationRule[]).map((rule) => compileRule(rule, shape));
    compiledRules.set(schema, known);
  }
  return known;
}

const compiledRules = new WeakMap<JsonSchema, readonly CompiledRule[]>();

/** Does any place of the schema state rules? */
export function hasRules(schema: JsonSchema): boolean {
  const { properties = {}, additionalProperties, items } = schema;
  return (
    schema['x-kubernetes-validations'] !== undefined ||
    Object.values(properties).some(hasRules) ||
    (typeof additionalProperties === 'object' && hasRules(additionalProperties)) ||
    (items !== undefined && hasRules(items))
  );
}

/** Faults of the whole object; `previous` is what it was, if it was. */
export function validateRules(value: JsonValue, previous: JsonValue | undefined, schema: JsonSchema): readonly FieldError[] {
  const walk: Walk = { errors: [], left: OBJECT_COST_MAX };
  visit(walk, { value, previous, schema, path: '', isRoot: true });
  return walk.errors;
}

/** On the whole object rules see of the metadata only the names. */
function shapeOf(schema: JsonSchema, isRoot: boolean): CelShape {
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  return isResource ? { ...schema, properties: { ...schema.properties, ...embedded } } : schema;
}

function compileRule(rule: ValidationRule, shape: CelShape): CompiledRule {
  const oldSelf: CelShape = rule.optionalOldSelf === true ? { type: 'optional', items: shape } : shape;
  const scope = new CelScope({ self: shape, oldSelf });
  const compiled = scope.compile(rule.rule);
  return {
    rule,
    compiled,
    message: (rule.messageExpression ?? '').trim() === '' ? undefined : scope.compile(rule.messageExpression ?? ''),
    isTransition: 'expression' in compiled && compiled.expression.uses.has('oldSelf'),
  };
}

interface Walk {
  readonly errors: FieldError[];
  left: number;
}

interface Place {
  readonly value: JsonValue | undefined;
  readonly previous: JsonValue | undefined;
  readonly schema: JsonSchema;
  readonly path: string;
  readonly isRoot: boolean;
}

function visit(walk: Walk, place: Place): void {
  const { value, previous, schema, path, isRoot } = place;
  if (value === undefined || value === null || walk.left < 0) return;
  if (schema['x-kubernetes-validations'] !== undefined) applyRules(walk, place);
  const inner = (member: JsonValue | undefined, before: JsonValue | undefined, known: JsonSchema, at: string): void =>
    visit(walk, { value: member, previous: before, schema: known, path: at, isRoot: false });
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined || !hasRules(items)) return;
    const before = formerItems(previous, schema);
    for (const [index, item] of value.entries()) inner(item, before(item), items, `${path}[${index}]`);
  } else if (isJsonObject(value)) {
    const before = isJsonObject(previous) && schema['x-kubernetes-map-type'] !== 'atomic' ? previous : {};
    const isStated = (name: string): boolean => Object.hasOwn(schema.properties ?? {}, name);
    for (const [name, member] of Object.entries(value)) {
      const known = memberSchema(schema, name);
      if (known === undefined || (isRoot && name === 'metadata')) continue;
      inner(member, before[name], known, isStated(name) ? join(path, name) : `${path}[${name}]`);
    }
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Only items of lists that are maps are known again. */
function formerItems(previous: JsonValue | undefined, schema: JsonSchema): (item: JsonValue) => JsonValue | undefined {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(previous)) return () => undefined;
  const identity = (item: JsonValue): string => JSON.stringify(isJsonObject(item) ? keys.map((key) => item[key] ?? null) : item);
  const known = new Map(previous.map((item) => [identity(item), item]));
  return (item) => known.get(identity(item));
}

function applyRules(walk: Walk, { value, previous, schema, path, isRoot }: Place): void {
  const shape = shapeOf(schema, isRoot);
  const at = new FieldPath(path === '' ? '<nil>' : path);
  const hasPrevious = previous !== undefined && previous !== null;
  let variables: { self: unknown; oldSelf: unknown } | undefined;
  for (const compiled of compileRules(schema, isRoot)) {
    if (compiled.isTransition && !hasPrevious && compiled.rule.optionalOldSelf !== true) continue;
    variables ??= {
      self: celValue(value, shape, textReaders()),
      oldSelf: hasPrevious ? celValue(previous, shape, textReaders()) : null,
    };
    const error = applyRule(walk, compiled, withOptional(compiled, variables, hasPrevious), schema, at);
    if (error === undefined) continue;
    // What was wrong before and has not changed is let be. upstream: shouldRatchetError
    if (!compiled.isTransition && hasPrevious && equal(value, previous)) continue;
    walk.errors.push(error);
    if (walk.left < 0) return;
  }
}

function withOptional(
  { rule }: CompiledRule,
  variables: { readonly self: unknown; readonly oldSelf: unknown },
  hasPrevious: boolean,
): Readonly<Record<string, unknown>> {
  if (rule.optionalOldSelf !== true) return variables;
  return { ...variables, oldSelf: optionalOf(hasPrevious ? variables.oldSelf : undefined) };
}

function applyRule(
  walk: Walk,
  { rule, compiled, message }: CompiledRule,
  variables: Readonly<Record<string, unknown>>,
  { type = '' }: JsonSchema,
  at: FieldPath,
): FieldError | undefined {
  if ('error' in compiled) return fieldInvalid(at, type, `rule compile error: ${compiled.error}`);
  const result = compiled.expression.evaluate(variables);
  walk.left -= result.cost;
  if (walk.left < 0)
    return fieldInvalid(at, type, 'validation failed due to running out of cost budget, no further validation rules will be run');
  if ('error' in result) return fieldInvalid(at, type, faultText(result.error, nameOfRule(rule)));
  if (result.value === true) return undefined;
  const path = rule.fieldPath === undefined ? at : childOf(at, rule.fieldPath);
  return ofReason(rule.reason, path, type, messageOf(message, variables) ?? plainMessage(rule));
}

/** upstream: validateExpressions, what follows an evaluation that failed */
function faultText(fault: string, rule: string): string {
  if (fault.startsWith('no such overload'))
    return `'${fault}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
  if (fault.startsWith('operation cancelled: actual cost limit exceeded'))
    return `'${fault}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`;
  return `${fault} evaluating rule: ${rule}`;
}

function nameOfRule({ rule, message = '' }: ValidationRule): string {
  return (message === '' ? rule : message).trim();
}

function plainMessage({ rule, message = '' }: ValidationRule): string {
  return message === '' ? `failed rule: ${rule.trim()}` : message.trim();
}

const MESSAGE_LENGTH_MAX = 5 * 1024;

/** undefined where the message's own expression has nothing good to say. upstream: evalMessageExpression */
export function messageOf(message: Compiled | undefined, variables: Readonly<Record<string, unknown>>): string | undefined {
  if (message === undefined || 'error' in message) return undefined;
  const result = (message.expression satisfies Expression).evaluate(variables);
  if ('error' in result || typeof result.value !== 'string') return undefined;
  const text = result.value.trim();
  return text === '' || text.includes('\n') || text.length > MESSAGE_LENGTH_MAX ? undefined : text;
}

function childOf(at: FieldPath, fieldPath: string): FieldPath {
  const text = `${at}`;
  const rest = fieldPath.trim().replace(/\['((?:[^'\\]|\\.)*)'\]/g, '[$1]');
  return new FieldPath(text === '<nil>' ? rest.replace(/^\./, '') : `${text}${rest}`);
}

function ofReason(reason: string | undefined, path: FieldPath, value: string, detail: string): FieldError {
  if (reason === 'FieldValueForbidden') return fieldForbidden(path, detail);
  if (reason === 'FieldValueRequired') return fieldRequired(path, detail);
  return reason === 'FieldValueDuplicate' ? fieldDuplicate(path, value) : fieldInvalid(path, value, detail);
}
