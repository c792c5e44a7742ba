import { expect, test } from 'vitest';
import type { ApiObject } from '../../../src-main/engine/meta/object.ts';
import { PodSpecWriter, readPodSpecs } from '../../../src-main/persistence/pod-specs.ts';

const object = (kind: string, name: string, spec: object): ApiObject => {
  const metadata = { name, uid: name, resourceVersion: '1', creationTimestamp: '', labels: { app: 'web' } };
  return { apiVersion: 'v1', kind, metadata, spec } as unknown as ApiObject;
};
const containers = [{ name: 'app', image: 'nginx' }];
const specOf = (read: ApiObject | undefined) => (read as unknown as { spec: { containers: unknown } }).spec;

/** Writes the objects as text, reads them back, and says how many specifications were written. */
function check(objects: readonly ApiObject[], specs: number): readonly ApiObject[] {
  const writer = new PodSpecWriter();
  const written = objects.map((one) => writer.write(one));
  const text = JSON.parse(JSON.stringify({ written, specs: writer.specs })) as { written: ApiObject[]; specs: Record<string, unknown>[] };
  readPodSpecs(text.written, text.specs);
  expect(JSON.stringify(text.written)).toBe(JSON.stringify(objects));
  expect(text.specs).toHaveLength(specs);
  return text.written;
}

test('pods that differ in their node alone share the rest again', () => {
  const [a, b] = check(
    [object('Pod', 'a', { containers, nodeName: 'n1' }), object('Pod', 'b', { containers: [...containers], nodeName: 'n2' })],
    1,
  );
  expect(specOf(a).containers).toBe(specOf(b).containers);
});
test('a member that came after the node stays behind it', () =>
  check(
    [object('Pod', 'a', { containers, nodeName: 'n1', ephemeralContainers: [] }), object('Pod', 'b', { containers, nodeName: 'n1' })],
    2,
  ));
test('a pod without a node stays without', () => check([object('Pod', 'a', { containers })], 1));
test('other pods keep their own', () => check([object('Pod', 'a', { containers }), object('Pod', 'b', { containers: [] })], 2));
test('other kinds are left alone', () => check([object('Node', 'a', { taints: [] })], 0));
test.each([[{ containers }], [[7, 'n1']], [['0', null]], [[]]])('a specification that was not written so is refused: %j', (spec) => {
  expect(() => readPodSpecs([object('Pod', 'a', spec)], [{ containers }])).toThrow('Pod a has no specification');
});
