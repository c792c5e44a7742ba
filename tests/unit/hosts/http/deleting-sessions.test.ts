import { expect, test } from 'vitest';
import { DeletingSessions } from '../../../../src-main/hosts/http/deleting-sessions.ts';

type Step = readonly [session: string, method: string, watches?: true];

function check(steps: readonly Step[], expected: readonly string[]): void {
  const told: string[] = [];
  const sessions = new DeletingSessions({ hold: (who) => told.push(`hold ${who}`), release: (who) => told.push(`release ${who}`) });
  for (const [session, method, watches] of steps) {
    sessions.asks(session, method);
    if (watches) sessions.watches(session);
  }
  expect(told).toEqual(expected);
}

test.each<[string, readonly Step[], readonly string[]]>([
  [
    'kubectl delete',
    [
      ['a', 'DELETE'],
      ['a', 'GET'],
      ['a', 'GET'],
      ['a', 'GET', true],
    ],
    ['hold a', 'hold a', 'hold a', 'hold a', 'release a'],
  ],
  [
    'who deletes nothing',
    [
      ['a', 'GET'],
      ['a', 'PATCH'],
      ['a', 'GET', true],
    ],
    [],
  ],
  [
    'who says not who it is',
    [
      ['', 'DELETE'],
      ['', 'GET', true],
    ],
    [],
  ],
  [
    'somebody else meanwhile',
    [
      ['a', 'DELETE'],
      ['b', 'GET'],
      ['b', 'GET', true],
      ['a', 'GET', true],
    ],
    ['hold a', 'hold a', 'release a'],
  ],
])('%s', (_what, steps, expected) => check(steps, expected));

test('it does not remember everybody for ever', () => {
  const held: string[] = [];
  const sessions = new DeletingSessions({ hold: (who) => held.push(who), release: () => undefined });
  for (let at = 0; at < 1000; at += 1) sessions.asks(`s${at}`, 'DELETE');
  held.length = 0;
  sessions.asks('s0', 'GET');
  sessions.asks('s999', 'GET');
  expect(held).toEqual(['s999']);
});
