import { describe, expect, test } from 'vitest';
import type { WatchEvent } from '../../../../../src-main/engine/api/rest/watch.ts';
import { HISTORY_LENGTH_MAX, Store } from '../../../../../src-main/engine/api/store.ts';
import { RestWorld, requestOf } from './rest-world.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';

function withMaps(...names: readonly string[]): RestWorld {
  const world = new RestWorld();
  for (const name of names) world.ask(`POST ${MAPS}`, { metadata: { name, labels: { app: name } } });
  return world;
}
const names = (list: { items: { metadata: { name: string } }[] }): string => list.items.map(({ metadata }) => metadata.name).join(' ');

describe('list', () => {
  const check = (query: string, expected: string) => expect(names(withMaps('b', 'a', 'c').body(`GET ${MAPS}${query}`))).toBe(expected);
  test('in the order of names', () => check('', 'a b c'));
  test('by label', () => check('?labelSelector=app%20in%20(a,c)', 'a c'));
  test('by name', () => check('?fieldSelector=metadata.name%3Db', 'b'));
  test('by not being that name', () => check('?fieldSelector=metadata.name!%3Db', 'a c'));
  test('a field that no object of the kind has', () =>
    expect(new RestWorld().outcome(`GET ${MAPS}?fieldSelector=nope%3D1`)).toBe('400 BadRequest: field label not supported: nope'));
  test('a selector that is none', () =>
    expect(new RestWorld().outcome(`GET ${MAPS}?labelSelector=a%3D%3D%3D1`)).toContain('400 BadRequest: unable to parse requirement'));
  test('a future revision', () =>
    expect(withMaps('a').outcome(`GET ${MAPS}?resourceVersion=99`)).toBe(
      '504 Timeout: Timeout: Too large resource version: 99, current: 1',
    ));

  test('pages stay on the revision of the first', () => {
    const world = withMaps('a', 'b', 'c');
    const first = world.body(`GET ${MAPS}?limit=1`);
    world.ask(`DELETE ${MAPS}/b`);
    world.ask(`POST ${MAPS}`, { metadata: { name: 'bb' } });
    const second = world.body(`GET ${MAPS}?limit=5&continue=${first.metadata.continue}`);
    expect([names(first), names(second)]).toEqual(['a', 'b c']);
    expect([first.metadata.remainingItemCount, second.metadata.resourceVersion]).toEqual([2, first.metadata.resourceVersion]);
  });
  test('a token that is none', () =>
    expect(withMaps('a').outcome(`GET ${MAPS}?limit=1&continue=zzzz`)).toBe('400 BadRequest: continue key is not valid: zzzz'));

  test('a table carries metadata, and all columns with their priorities', () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const { contentType, body } = withMaps('a').run(90_000).ask(`GET ${MAPS}`, undefined, { accept });
    expect(contentType).toBe('application/json;as=Table;v=v1;g=meta.k8s.io');
    const { columnDefinitions, rows } = body as { columnDefinitions: { name: string }[]; rows: { cells: unknown[]; object: object }[] };
    expect(columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Data', 'Age']);
    expect(rows.map(({ cells }) => cells)).toEqual([['a', 0, '90s']]);
    expect(rows[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { labels: { app: 'a' } } });
  });
  test('a form that nobody makes', () =>
    expect(withMaps('a').outcome(`GET ${MAPS}`, undefined, { accept: 'text/csv' })).toContain('406 NotAcceptable'));
});

describe('watch', () => {
  test('without a revision: the present, then what happens', () => {
    const world = withMaps('a');
    const { events, stop } = world.watch(`GET ${MAPS}?watch=1`);
    world.ask(`POST ${MAPS}`, { metadata: { name: 'b' } });
    world.ask(`DELETE ${MAPS}/a`);
    stop();
    world.ask(`DELETE ${MAPS}/b`);
    expect(events).toEqual(['ADDED a@1', 'ADDED b@2', 'DELETED a@3']);
  });

  test('from a revision: each later change once', () => {
    const world = withMaps('a', 'b');
    const { events } = world.watch(`GET ${MAPS}?watch=1&resourceVersion=1`);
    world.ask(`POST ${MAPS}`, { metadata: { name: 'c' } });
    expect(events).toEqual(['ADDED b@2', 'ADDED c@3']);
  });

  test('what stops to match is deleted, what starts to is added', () => {
    const world = withMaps('a');
    const { events } = world.watch(`GET ${MAPS}?watch=1&labelSelector=app%3Da`);
    const relabel = (app: string) =>
      world.ask(`PATCH ${MAPS}/a`, { metadata: { labels: { app } } }, { contentType: 'application/merge-patch+json' });
    relabel('z');
    relabel('a');
    expect(events).toEqual(['ADDED a@1', 'DELETED a@2', 'ADDED a@3']);
  });

  test('other kinds and namespaces are not heard of', () => {
    const world = withMaps();
    const { events } = world.watch(`GET ${MAPS}?watch=1`);
    world.ask('POST /api/v1/namespaces/other/configmaps', { metadata: { name: 'a' } });
    world.ask('POST /api/v1/namespaces/default/secrets', { metadata: { name: 'a' } });
    expect(events).toEqual([]);
  });

  test('a list by watching is not offered, as 1.33 does not by default', () =>
    expect(
      withMaps('a').watch(`GET ${MAPS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`).events,
    ).toEqual([
      '422 ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    ]));

  test('how far it has seen is told in the form of its events', () => {
    const mark = (accept: string): unknown => {
      const world = withMaps('a');
      const told: WatchEvent[] = [];
      const request = requestOf(`GET ${MAPS}?watch=1&resourceVersion=1&allowWatchBookmarks=true`, undefined, { accept });
      world.rest.watch(request, (event) => told.push(event)).watch.bookmark();
      return told;
    };
    const form = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1`;
    const metadata = { resourceVersion: '1' };
    const objects = [
      { kind: 'ConfigMap', apiVersion: 'v1', metadata },
      { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: null, rows: [] },
      { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
    ];
    expect(['', form('Table'), form('PartialObjectMetadata')].map(mark)).toEqual(objects.map((object) => [{ type: 'BOOKMARK', object }]));
  });

  test('a revision that is forgotten ends it', () => {
    const world = withMaps('a');
    const patch = (value: number) =>
      world.ask(`PATCH ${MAPS}/a`, { data: { value: String(value) } }, { contentType: 'application/merge-patch+json' });
    for (let value = 0; value < HISTORY_LENGTH_MAX + 1; value += 1) patch(value);
    expect(world.watch(`GET ${MAPS}?watch=1&resourceVersion=1`).events).toEqual(['ERROR too old resource version: 1 (2)']);
  });

  test('a listener that leaves hears nothing more', () => {
    const store = new Store();
    const heard: string[] = [];
    const leave = store.onChange('ConfigMap', ({ key }) => heard.push(key));
    leave();
    const metadata = { name: 'a', namespace: 'default', uid: 'a', creationTimestamp: '', resourceVersion: '1' };
    store.commit('ConfigMap', 'default/a', { apiVersion: 'v1', kind: 'ConfigMap', metadata }, 0, { actor: 'test', trigger: 'command' });
    expect(heard).toEqual([]);
  });
});

describe('lists of a revision', () => {
  const at = (query: string): string => {
    const world = withMaps('a', 'b', 'c');
    world.ask(`DELETE ${MAPS}/b`);
    const { code, body } = world.ask(`GET ${MAPS}${query}`);
    return code === 200 ? names(body as never) : world.outcome(`GET ${MAPS}${query}`);
  };
  const check = (query: string, expected: string) => expect(at(query)).toBe(expected);
  test('exactly that one', () => check('?resourceVersion=2&resourceVersionMatch=Exact', 'a b'));
  test('as the first page of it', () => check('?resourceVersion=3&limit=2', 'a b'));
  test('that one or a later one', () => check('?resourceVersion=2&resourceVersionMatch=NotOlderThan', 'a c'));
  test('any', () => check('?resourceVersion=0&limit=5', 'a c'));
  test('together with a token', () => {
    const world = withMaps('a', 'b');
    const { metadata } = world.body(`GET ${MAPS}?limit=1`);
    expect(world.outcome(`GET ${MAPS}?resourceVersion=2&limit=1&continue=${metadata.continue}`)).toBe(
      '400 BadRequest: specifying resource version is not allowed when using continue',
    );
  });

  const invalid = (query: string, why: string) => check(query, `422 Invalid: ListOptions.meta.k8s.io "" is invalid: ${why}`);
  test('a match without a revision', () =>
    invalid(
      '?resourceVersionMatch=Exact',
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ));
  test('exactly any', () =>
    invalid(
      '?resourceVersion=0&resourceVersionMatch=Exact',
      'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ));
  test('another match', () =>
    invalid(
      '?resourceVersion=1&resourceVersionMatch=Nearly',
      'resourceVersionMatch: Unsupported value: "Nearly": supported values: "Exact", "NotOlderThan", ""',
    ));
  test('no number of objects', () => check('?limit=few', '400 BadRequest: strconv.ParseInt: parsing "few": invalid syntax'));
  test('a list that is watched', () =>
    invalid('?sendInitialEvents=false', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'));

  test('one that is forgotten: the rest of it is offered as it is now', () => {
    const world = withMaps('a', 'b', 'c');
    const { metadata } = world.body(`GET ${MAPS}?limit=1`);
    const patch = (value: number) =>
      world.ask(`PATCH ${MAPS}/a`, { data: { value: String(value) } }, { contentType: 'application/merge-patch+json' });
    world.ask(`DELETE ${MAPS}/b`);
    for (let value = 0; value < HISTORY_LENGTH_MAX + 1; value += 1) patch(value);
    const { reason, code, metadata: offered } = world.body(`GET ${MAPS}?limit=1&continue=${metadata.continue}`);
    expect([reason, code]).toEqual(['Expired', 410]);
    expect(names(world.body(`GET ${MAPS}?limit=1&continue=${offered.continue}`))).toBe('c');
    expect(world.outcome(`GET ${MAPS}?resourceVersion=2&resourceVersionMatch=Exact`)).toBe(
      '410 Expired: The resourceVersion for the provided list is too old.',
    );
  });
});
