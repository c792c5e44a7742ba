import { describe, expect, test } from 'vitest';
import { ClientClock, linesToClient, timeToLab, toClient, toLab } from '../../../../src-main/hosts/http/client-clock.ts';

const at = (text: string): number => Date.parse(text);
/** The lab is at noon of one day, the client in the evening of another. */
const LAB = at('2025-06-02T12:00:00Z');
const CLIENT = at('2026-01-01T18:00:00.400Z');

class Clocks {
  labMs = LAB;
  clientMs = CLIENT;
  readonly clock = new ClientClock(
    () => this.labMs,
    () => this.clientMs,
  );
}

describe('a time goes out as far in the past as it is in the lab', () => {
  const check = (value: unknown, expected: unknown) => expect(toClient(value, new Clocks().clock.shiftFor('a'))).toEqual(expected);
  test('a minute ago', () =>
    check({ metadata: { creationTimestamp: '2025-06-02T11:59:00Z' } }, { metadata: { creationTimestamp: '2026-01-01T17:59:00Z' } }));
  test('now is not later than the client has it', () =>
    check([{ lastTransitionTime: '2025-06-02T12:00:00Z' }], [{ lastTransitionTime: '2026-01-01T18:00:00Z' }]));
  test('what is to come stays to come', () =>
    check({ deletionTimestamp: '2025-06-02T12:00:30Z' }, { deletionTimestamp: '2026-01-01T18:00:30Z' }));
  test('microseconds stay', () => check({ renewTime: '2025-06-02T11:59:59.250000Z' }, { renewTime: '2026-01-01T17:59:59.250000Z' }));
  test('the cell of a row that says when its object was made', () => {
    const row = (time: string) => ({ cells: ['a', time, 'b'], object: { metadata: { creationTimestamp: time } } });
    check({ rows: [row('2025-06-02T11:59:00Z')] }, { rows: [row('2026-01-01T17:59:00Z')] });
    const other = { cells: ['2025-06-02T11:59:00Z'], object: null };
    check(other, other);
  });
  test('texts that people write are theirs', () => {
    const theirs = {
      annotations: { time: '2025-06-02T11:59:00Z' },
      data: { startTime: '2025-06-02T11:59:00Z' },
      message: '2025-06-02T11:59:00Z',
    };
    check(theirs, theirs);
  });
  test('what is no time stays', () =>
    check({ creationTimestamp: null, startTime: 'soon' }, { creationTimestamp: null, startTime: 'soon' }));
  test('parts without a time are shared', () => {
    const value = { spec: { containers: [{ name: 'a' }] }, metadata: { creationTimestamp: '2025-06-02T11:59:00Z' } };
    expect((toClient(value, new Clocks().clock.shiftFor('a')) as typeof value).spec).toBe(value.spec);
  });
});

test('what was the present moment once is not kept for later', () => {
  const clocks = new Clocks();
  const time = { startTime: '2025-06-02T12:00:00Z' };
  const seen = () => (toClient(time, clocks.clock.shiftFor('a')) as typeof time).startTime;
  clocks.labMs += 10_000;
  expect(seen()).toBe('2026-01-01T17:59:50Z');
  // The lab has run faster than the client's clock: the other session has another translation, in which this is still the present.
  expect((toClient(time, { byMs: 0, labMs: LAB, clientMs: LAB + 400 }) as typeof time).startTime).toBe('2025-06-02T12:00:00Z');
  expect((toClient(time, { byMs: 5_000, labMs: LAB, clientMs: LAB + 400 }) as typeof time).startTime).toBe('2025-06-02T12:00:00Z');
  expect((toClient(time, { byMs: 5_000, labMs: LAB, clientMs: LAB + 9_400 }) as typeof time).startTime).toBe('2025-06-02T12:00:05Z');
  expect((toClient(time, { byMs: 5_000, labMs: LAB, clientMs: LAB + 9_400 }) as typeof time).startTime).toBe('2025-06-02T12:00:05Z');
});

describe('one run of a client', () => {
  test('sees the same times however fast the lab runs', () => {
    const clocks = new Clocks();
    const stamp = { creationTimestamp: '2025-06-02T11:00:00Z' };
    const first = toClient(stamp, clocks.clock.shiftFor('run'));
    clocks.labMs += 3_600_000;
    clocks.clientMs += 1_000;
    expect(toClient(stamp, clocks.clock.shiftFor('run'))).toEqual(first);
    expect(toClient(stamp, clocks.clock.shiftFor('next'))).not.toEqual(first);
  });
  test('never sees the future: what happened since is now', () => {
    const clocks = new Clocks();
    clocks.clock.shiftFor('run');
    clocks.labMs += 3_600_000;
    expect(toClient({ startTime: '2025-06-02T13:00:00Z' }, clocks.clock.shiftFor('run'))).toEqual({ startTime: '2026-01-01T18:00:00Z' });
  });
  test('what comes back is what it was', () => {
    const shift = new Clocks().clock.shiftFor('run');
    const body = { spec: { renewTime: '2025-06-02T11:59:00Z' } };
    expect(toLab(toClient(body, shift) as typeof body, shift)).toEqual(body);
    expect(timeToLab('2026-01-01T17:00:00Z', shift)).toBe('2025-06-02T11:00:00Z');
  });
});

test('without a session, small drifts do not show', () => {
  const clocks = new Clocks();
  const first = clocks.clock.shiftFor('').byMs;
  clocks.clientMs += 1_200;
  expect(clocks.clock.shiftFor('').byMs).toBe(first);
  clocks.clientMs += 5_000;
  expect(clocks.clock.shiftFor('').byMs).toBe(first + 6_000);
});

test('clients that write other forms of a time are understood', () =>
  expect(toLab({ startTime: '2026-01-01T17:00:00.123+00:00' }, new Clocks().clock.shiftFor('a'))).toEqual({
    startTime: '2025-06-02T11:00:00Z',
  }));

test('lines of a log carry the time of the client, and keep what they say', () =>
  expect(linesToClient('2025-06-02T11:59:00Z at 2025-06-02T11:59:00Z\nno time\n', new Clocks().clock.shiftFor('a'))).toBe(
    '2026-01-01T17:59:00Z at 2025-06-02T11:59:00Z\nno time\n',
  ));
