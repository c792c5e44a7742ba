// What expressions of the Common Expression Language mean, how faults in them read, and that none of them holds the world up.
import { expect, test } from 'vitest';
import { textReaders } from '../../../../../src-main/engine/kinds/cel/environment.ts';
import { CelScope } from '../../../../../src-main/engine/kinds/cel/expression.ts';
import { type CelShape, celValue } from '../../../../../src-main/engine/kinds/cel/values.ts';

const selfShape: CelShape = {
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    name: { type: 'string' },
    namespace: { type: 'string' },
    share: { type: 'number' },
    port: { 'x-kubernetes-int-or-string': true },
    at: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'string' } },
    parts: { type: 'array', items: { type: 'object', properties: { count: { type: 'integer' } } } },
    limits: { type: 'object', additionalProperties: { type: 'integer' } },
  },
};
const scope = new CelScope({ object: { type: 'dyn' }, self: selfShape });
const variables = {
  object: celValue(
    {
      metadata: { name: 'web', labels: { app: 'web', constructor: 'x' } },
      spec: { replicas: 3, paused: null, parts: [{ count: 1 }, { count: 2 }], cpu: '500m', image: 'registry.k8s.io/pause:3.9' },
    },
    undefined,
    textReaders(),
  ),
  self: celValue(
    {
      ...{ replicas: 3, name: 'web', namespace: 'shop', share: 2, port: '80%', at: '2026-03-01T08:00:00Z' },
      ...{ tags: ['a', 'b'], parts: [{ count: 1 }], limits: { small: 1 } },
    },
    selfShape,
    textReaders(),
  ),
};

/** The value, the fault it runs into, or what is wrong with it. */
function outcome(source: string): unknown {
  const compiled = scope.compile(source);
  if ('error' in compiled) return compiled.error.split('\n');
  const result = compiled.expression.evaluate(variables);
  return 'error' in result ? `fault: ${result.error}` : result.value;
}

const check = (source: string, expected: unknown): void => expect(outcome(source), source).toEqual(expected);

test.each<[string, unknown]>([
  ['object.spec.replicas <= 5 && object.metadata.name == "web"', true],
  ['object.spec.replicas + 1', 4n],
  ['self.share * 2.0', 4],
  ['object.spec.replicas - (1 - 2)', 4n],
  ['object.spec.paused == null && object.spec != null', true],
  ['has(object.spec.parts[0].count) && !has(object.spec.strategy)', true],
  ['has(object.status.phase)', 'fault: no such key: status'],
  ['object.spec.parts.all(p, p.count > 0)', true],
  ['object.spec.parts.exists_one(p, p.count == 2)', true],
  ['object.spec.parts.filter(p, p.count > 1).map(p, p.count)', [2n]],
  ['object.metadata.labels.all(key, key.size() > 2)', true],
  ['"constructor" in object.metadata.labels', true],
  ['object.spec.parts.all(i, p, p.count == i + 1)', true],
  ['object.spec.parts.existsOne(i, p, i == 1)', true],
  ['object.spec.parts.transformList(i, p, i > 0, p.count * 10)', [20n]],
  ['object.metadata.labels.transformMap(key, value, key == "app", value + key) == {"app": "webapp"}', true],
  ['object.?spec.?strategy.orValue("none")', 'none'],
  ['object.metadata.?labels[?"app"].optMap(app, app + "!").orValue("")', 'web!'],
  ['object.metadata.?annotations.hasValue()', false],
  ['true || object.spec.absent == 1', true],
  ['object.spec.absent == 1 || true', true],
  ['self.__namespace__', 'shop'],
  ['self.at.getFullYear() == 2026 && self.at.getDayOfYear() == 59', true],
  ['self.port.endsWith("%")', true],
  ['self.limits.small', 1n],
  ['self == self && self.parts == self.parts', true],
  ['cel.bind(spec, object.spec, spec.replicas)', 3n],
])('%s', check);

test.each<[string, unknown]>([
  ['object.spec.image.matches("^registry\\\\.k8s\\\\.io/")', true],
  ['"a1b22".findAll("[0-9]+")', ['1', '22']],
  ['"a1b22".find("[0-9]+")', '1'],
  ['["a", "b"].join("-").upperAscii()', 'A-B'],
  ['"a-b-c".replace("-", "+", 1)', 'a+b-c'],
  ['"%s has %d of %s".format([dyn("web"), 3, ["a"]])', 'web has 3 of ["a"]'],
  ['"%.2f %x %e".format([dyn(1.5), 255, 1234.5])', '1.50 ff 1.234500e+03'],
  ['quantity(object.spec.cpu).isLessThan(quantity("1")) && quantity("1Gi") == quantity("1024Mi")', true],
  ['quantity("1.5").add(1).asApproximateFloat()', 2.5],
  ['isQuantity("1 Gi")', false],
  ['quantity("500m").asInteger()', 'fault: cannot convert value to integer'],
  ['cidr("10.0.0.0/8").containsIP("10.1.2.3") && !cidr("10.0.0.0/8").containsCIDR("0.0.0.0/0")', true],
  ['ip("::1").family() == 6 && ip("::1").isLoopback() && ip.isCanonical("2001:db8::1")', true],
  ['ip.isCanonical("2001:0db8:0:0:0:0:0:1")', false],
  ['url("https://user@a.example:8443/x?y=1").getHostname()', 'a.example'],
  ['isURL("no url")', false],
  ['sets.contains([1, 2, 3], [2]) && sets.intersects([1], [1, 2]) && !sets.equivalent([1], [2])', true],
  ['[3, 1, 2].max() + [3, 1].min() + [1, 2].sum()', 7n],
  ['[1, 2, 2].isSorted() && [1, 2, 2].lastIndexOf(2) == 2', true],
  ['format.dns1123Label().validate("web").hasValue()', false],
  ['format.named("dns1123Label").value().validate("A").value().size() > 0', true],
])('libraries: %s', check);

test.each<[string, unknown]>([
  ['object.spec.parts[7].count', 'fault: index out of bounds: 7'],
  ['object.metadata.name + 1', 'fault: no such overload'],
  ['1 / 0', 'fault: division by zero'],
  ['9223372036854775807 + 1', 'fault: integer overflow'],
  ['"a".matches("(")', 'fault: error parsing regexp: missing closing ): `(`'],
  ['optional.none().value()', 'fault: optional.none() dereference'],
])('faults while it runs: %s', check);

test.each<[string, number, string]>([
  ['1 +', 4, 'Syntax error: Unexpected token: EOF'],
  ['params.max', 1, "undeclared reference to 'params' (in container '')"],
  ['self.size', 5, "undefined field 'size'"],
  ['self.parts.all(p, p.size > 1)', 20, "undefined field 'size'"],
  ['self.replicas == "3"', 15, "found no matching overload for '_==_' applied to '(int, string)'"],
  ['self.name.grow()', 15, "undeclared reference to 'grow' (in container '')"],
  ['size(self.replicas)', 5, "found no matching overload for 'size' applied to '(int)'"],
  ['self.name.matches(1)', 18, "found no matching overload for 'matches' applied to 'string.(int)'"],
  ['self.replicas.more', 14, "type 'int' does not support field selection"],
  ['self.tags == self.parts', 11, "found no matching overload for '_==_' applied to '(list(string), list(object.self.parts.items))'"],
  ['[1, "a"]', 5, "expected type 'int' but found 'string'"],
])('refused when written: %s', (source, column, message) => {
  check(source, [`ERROR: <input>:1:${column}: ${message}`, ` | ${source}`, ` | ${'.'.repeat(column - 1)}^`]);
});

test.each([
  // Loops in loops, a text that doubles sixty times, a list that does, a pattern that would take for ever, and an error that `||` forgives.
  `${'[0,1,2,3,4,5,6,7,8,9].all(x, '.repeat(9)}true${')'.repeat(9)}`,
  `["x"]${'.map(a, a + a)'.repeat(60)}.size() == 1`,
  `[[1]]${'.map(a, a + a)'.repeat(60)}.size() == 1`,
  `${'[0,1,2,3,4,5,6,7,8,9].exists(x, '.repeat(9)}false${')'.repeat(9)} || true`,
])('no expression holds the world up: %s', (source) => check(source, 'fault: operation cancelled: actual cost limit exceeded'));

test('patterns take time in proportion to the text', () => {
  check(`"${'a'.repeat(4_000)}b".matches("(a+)+$")`, false);
});

test('an expression says which variables it reads', () => {
  const compiled = scope.compile('object.spec.replicas > 1 || self.replicas > 1');
  expect('expression' in compiled && [...compiled.expression.uses].sort()).toEqual(['object', 'self']);
});
