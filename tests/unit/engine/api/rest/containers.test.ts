import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const PODS = '/api/v1/namespaces/default/pods';
const MERGE = { contentType: 'application/merge-patch+json' };

/** A pod of these containers on a node, with this state of its first one. */
function withPod(state: JsonValue, containers: readonly string[] = ['c'], node = 'here'): RestWorld {
  const world = new RestWorld();
  const spec = { containers: containers.map((name) => ({ name, image: 'busybox' })) };
  expect(world.outcome(`POST ${PODS}`, { metadata: { name: 'p' }, spec })).toBe('201');
  if (node !== '') world.server.bind('default/p', { uid: '', node }, 'test');
  const status = { containerStatuses: [{ name: containers[0] ?? '', image: 'busybox', imageID: '', ready: true, restartCount: 0, state }] };
  expect(world.outcome(`PATCH ${PODS}/p/status`, { status }, MERGE)).toBe('200');
  world.written['c'] = [
    { atMs: 0, text: 'one' },
    { atMs: 60_000, text: 'two' },
    { atMs: 61_000, text: 'three' },
  ];
  return world.run(62_000);
}
const running = { running: { startedAt: '2025-06-01T08:00:00Z' } };

describe('logs', () => {
  const check = (query: string, expected: string) => expect(withPod(running).body(`GET ${PODS}/p/log${query}`)).toBe(expected);
  test('all lines', () => check('', 'one\ntwo\nthree\n'));
  test('the last ones', () => check('?tailLines=1', 'three\n'));
  test('none', () => check('?tailLines=0', ''));
  test('those of the last seconds', () => check('?sinceSeconds=2', 'two\nthree\n'));
  test('those since a time', () => check('?sinceTime=2025-06-01T08:01:01Z', 'three\n'));
  test('with their times', () => check('?timestamps=true&tailLines=1', '2025-06-01T08:01:01.000000000Z three\n'));
  test('so many bytes', () => check('?limitBytes=5', 'one\nt'));

  const refused = (world: RestWorld, query: string, expected: string) => expect(world.outcome(`GET ${PODS}/p/log${query}`)).toBe(expected);
  test.each([
    ['?tailLines=-1', 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['?limitBytes=0', 'limitBytes: Invalid value: 0: must be greater than 0'],
    ['?sinceSeconds=0', 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    ['?sinceSeconds=1&sinceTime=2025-06-01T08:00:00Z', '[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified'],
  ])('asked for with %s', (query, fault) => {
    const expected = `422 Invalid: PodLogOptions "p" is invalid: ${fault}`;
    refused(withPod(running), query, expected);
    refused(withPod(running), `${query}&container=x`, expected);
  });
  test('of a container that is none', () =>
    refused(withPod(running), '?container=x', '400 BadRequest: container x is not valid for pod p'));
  test('of one of two', () =>
    refused(withPod(running, ['c', 'd']), '', '400 BadRequest: a container name must be specified for pod p, choose one of: [c d]'));
  test('of one that waits', () =>
    refused(
      withPod({ waiting: { reason: 'ContainerCreating' } }),
      '',
      '400 BadRequest: container "c" in pod "p" is waiting to start: ContainerCreating',
    ));
  test('of one whose image is not there', () =>
    refused(
      withPod({ waiting: { reason: 'ImagePullBackOff' } }),
      '',
      '400 BadRequest: container "c" in pod "p" is waiting to start: trying and failing to pull image',
    ));
  test('of a run that never was', () =>
    refused(withPod(running), '?previous=true', '400 BadRequest: previous terminated container "c" in pod "p" not found'));
  test('of a pod on no node: nothing yet', () => expect(withPod(running, ['c'], '').body(`GET ${PODS}/p/log`)).toBe(''));
  test('of a pod on a node that is gone', () =>
    refused(
      withPod(running, ['c'], 'lost'),
      '',
      '500 InternalError: Internal error occurred: error dialing backend: dial tcp lost:10250: connect: no route to host',
    ));
});

describe('a log that is followed', () => {
  const follow = (query: string, ...then: readonly ((world: RestWorld) => void)[]) => {
    const world = withPod(running);
    return world.follow(`GET ${PODS}/p/log?follow=true${query}`, ...then.map((change) => () => change(world)));
  };
  const write = (text: string) => (world: RestWorld) => {
    world.written['c'] = [...(world.written['c'] ?? []), { atMs: 62_000, text }];
  };
  test('goes on with what comes', () =>
    expect(follow('&tailLines=1', write('four'), write('five'))).toEqual(['three\n', 'four\n', 'five\n']));
  test('has nothing while nothing comes', () => expect(follow('&tailLines=0', () => undefined)).toEqual(['', '']));
  test('ends with the run', () =>
    expect(
      follow(
        '&tailLines=1',
        (world) => {
          write('bye')(world);
          world.running = false;
        },
        () => undefined,
      ),
    ).toEqual(['three\n', 'bye\n', null]));
});

describe('commands', () => {
  const run = (query: string, input = '') => withPod(running).ask(`POST ${PODS}/p/exec${query}`, { input }).body;
  test('what they write, and their status', () =>
    expect(run('?command=echo&command=hi', '!')).toEqual({ status: 0, output: 'echo hi!', complaints: '' }));
  test('one that fails has a status of its own', () => expect(run('?command=fail')).toMatchObject({ status: 3 }));
  test('no command', () => expect(run('')).toMatchObject({ code: 400, message: 'you must specify at least 1 command for the container' }));
  test('asking changes nothing', () => expect(withPod(running).body(`GET ${PODS}/p/exec?command=fail`)).toEqual({ container: 'c' }));
});

describe('ports', () => {
  const send = (world: RestWorld, port: number) => world.body(`POST ${PODS}/p/portforward`, { port, input: 'GET /' });
  const up = (): RestWorld => {
    const world = withPod(running);
    world.ask(`PATCH ${PODS}/p/status`, { status: { phase: 'Running' } }, MERGE);
    return world;
  };
  test('what listens answers', () => expect(send(up(), 80)).toEqual({ answer: 'answer to GET /', error: '' }));
  test('what does not, refuses', () => expect(send(up(), 81).error).toContain('dial tcp4 127.0.0.1:81: connect: connection refused'));
  test('a pod that does not run', () =>
    expect(send(withPod(running), 80).message).toBe(
      'Internal error occurred: unable to forward port because pod is not running. Current status=Pending',
    ));
});
