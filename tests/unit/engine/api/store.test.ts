import { expect, test } from 'vitest';
import { HISTORY_LENGTH_MAX, Store } from '../../../../src-main/engine/api/store.ts';
import { type ApiObject, keyOf } from '../../../../src-main/engine/meta/object.ts';

const cause = { actor: 'test', trigger: 'command' };

/** A new version of an object, at the revision the store gives next. */
function put(store: Store, name: string, more: object = {}): ApiObject {
  const metadata = { name, namespace: 'default', uid: name, creationTimestamp: '', resourceVersion: String(store.nextRevision) };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...more } as ApiObject;
  store.commit('ConfigMap', keyOf(object), object, 0, cause);
  return object;
}
const remove = (store: Store, name: string) => store.commit('ConfigMap', `default/${name}`, null, 0, cause);

test('each change gets the next revision, whatever its kind', () => {
  const store = new Store();
  const seen: string[] = [];
  store.onEveryChange(({ revision, type, key }) => seen.push(`${revision} ${type} ${key}`));
  put(store, 'a');
  put(store, 'a');
  put(store, 'b');
  remove(store, 'a');
  expect(seen).toEqual(['1 ADDED default/a', '2 MODIFIED default/a', '3 ADDED default/b', '4 DELETED default/a']);
});

test('a delta carries the version before', () => {
  const store = new Store();
  const first = put(store, 'a');
  const second = put(store, 'a');
  remove(store, 'a');
  expect(store.history().map(({ object, previous }) => [object, previous])).toEqual([
    [first, null],
    [second, first],
    [second, second],
  ]);
});

test('listeners of a kind hear of that kind alone, before those of everything', () => {
  const store = new Store();
  const heard: string[] = [];
  store.onEveryChange(() => heard.push('every'));
  store.onChange('ConfigMap', () => heard.push('maps'));
  store.onChange('Pod', () => heard.push('pods'));
  put(store, 'a');
  expect(heard).toEqual(['maps', 'every']);
});

test('folding the history gives the store', () => {
  const store = new Store();
  for (const name of ['a', 'b', 'c', 'a', 'd']) put(store, name);
  remove(store, 'b');
  put(store, 'b');
  const folded = new Map<string, ApiObject>();
  for (const delta of store.history()) {
    if (delta.type === 'DELETED') folded.delete(delta.key);
    else folded.set(delta.key, delta.object);
  }
  expect(folded).toEqual(store.table('ConfigMap'));
});

test('history is bounded, and a revision before it is gone', () => {
  const store = new Store();
  const made = HISTORY_LENGTH_MAX * 2 + 5;
  for (let count = 0; count < made; count += 1) put(store, `c${count % 7}`);
  const history = store.history();
  expect(history).toHaveLength(HISTORY_LENGTH_MAX);
  expect([history[0]?.revision, history.at(-1)?.revision]).toEqual([made - HISTORY_LENGTH_MAX + 1, made]);
  expect(store.since(made - HISTORY_LENGTH_MAX - 1)).toBeNull();
  expect(store.since(made - HISTORY_LENGTH_MAX)).toHaveLength(HISTORY_LENGTH_MAX);
  expect(store.since(made - 3)?.map(({ revision }) => revision)).toEqual([made - 2, made - 1, made]);
  expect(store.since(made)).toEqual([]);
});

test('saved and restored it holds the same and counts on', () => {
  const store = new Store();
  put(store, 'b');
  put(store, 'a');
  remove(store, 'b');
  put(store, 'b');
  const restored = new Store(JSON.parse(JSON.stringify(store.save())));
  expect(restored.save()).toEqual(store.save());
  expect([...restored.table('ConfigMap').keys()]).toEqual(['default/a', 'default/b']);
  expect(restored.nextRevision).toBe(5);
});

test('what is stored cannot be changed behind the store', () => {
  const store = new Store(undefined, true);
  const object = put(store, 'a', { data: { key: 'value' } }) as ApiObject & { data: Record<string, string> };
  expect(() => {
    object.data['key'] = 'other';
  }).toThrow(TypeError);
});

test('wrong commits stop the world', () => {
  const store = new Store();
  const object = put(store, 'a');
  expect(() => store.commit('ConfigMap', 'default/a', object, 0, cause)).toThrow('wrong resourceVersion in commit: ConfigMap default/a');
  expect(() => remove(store, 'z')).toThrow('nothing to remove: ConfigMap default/z');
});
