import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MAX_MESSAGE } from '../../../src-main/contract/bridge.ts';
import type { Frame } from '../../../src-main/contract/view.ts';
import type { LabView, SessionOptions } from '../../../src-main/session/lab-host.ts';
import { FRAME_MS, openSession } from '../../../src-main/session/open-session.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session on a view that counts: each `change()` adds one, a frame carries the sum. */
function sessionOn(handlers: Record<string, (params: never) => unknown> = {}, options: SessionOptions = {}) {
  const sent: unknown[] = [];
  let sum = 0;
  let change = (): void => {};
  let closed = false;
  const session = openSession(
    (changed): LabView => {
      change = () => {
        sum += 1;
        changed();
      };
      return {
        handlers: handlers as unknown as LabView['handlers'],
        takeFrame: () => {
          const frame = { sum } as unknown as Frame;
          sum = 0;
          return frame;
        },
        close: () => {
          closed = true;
        },
      };
    },
    (text) => sent.push(JSON.parse(text)),
    options,
  );
  return { session, sent, change: () => change(), isClosed: () => closed };
}

async function check(text: unknown, expected: unknown[]): Promise<void> {
  const { session, sent } = sessionOn(
    {
      add: ({ a, b }: { a: number; b: number }) => a + b,
      later: () => Promise.resolve('done'),
      nothing: () => undefined,
      refuse: () => {
        throw new Error('pods "web" not found');
      },
      refuseLater: () => Promise.reject(new Error('no such file')),
    },
    { services: { 'host.openFiles': () => [] } },
  );
  session.receive(text);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(expected);
}

test.each<[string, unknown, unknown[]]>([
  ['a result', '{"id":1,"method":"add","params":{"a":2,"b":3}}', [{ id: 1, ok: true, result: 5 }]],
  ['a later result', '{"id":2,"method":"later"}', [{ id: 2, ok: true, result: 'done' }]],
  ['no result', '{"id":3,"method":"nothing"}', [{ id: 3, ok: true, result: null }]],
  ['a refusal', '{"id":4,"method":"refuse"}', [{ id: 4, ok: false, error: 'pods "web" not found' }]],
  ['a later refusal', '{"id":5,"method":"refuseLater"}', [{ id: 5, ok: false, error: 'no such file' }]],
  ['the host itself', '{"id":6,"method":"host.openFiles"}', [{ id: 6, ok: true, result: [] }]],
  ['an unknown name', '{"id":7,"method":"nope"}', [{ id: 7, ok: false, error: 'unknown request: nope' }]],
  ['a name of every object', '{"id":8,"method":"__proto__"}', [{ id: 8, ok: false, error: 'unknown request: __proto__' }]],
  ['another one', '{"id":9,"method":"constructor"}', [{ id: 9, ok: false, error: 'unknown request: constructor' }]],
  ['no JSON', '{"id":10', []],
  ['no id', '{"method":"add"}', []],
  ['null', 'null', []],
  ['no text', { id: 11, method: 'add' }, []],
])('%s', (_what, text, expected) => check(text, expected));

test('a result that cannot be sent is a refusal', async () => {
  const { session, sent } = sessionOn({
    endless: () => {
      const circle: Record<string, unknown> = {};
      circle['circle'] = circle;
      return circle;
    },
  });
  session.receive('{"id":1,"method":"endless"}');
  expect(sent).toEqual([{ id: 1, ok: false, error: expect.stringContaining('circular') }]);
});

test('a message over the limit is answered and not read', () => {
  const { session, sent } = sessionOn({ nothing: () => undefined });
  session.receive(`{"id":12,"method":"nothing","params":"${'x'.repeat(MAX_MESSAGE)}"}`);
  expect(sent).toEqual([{ id: 12, ok: false, error: 'the message is larger than 256 MB; nothing of it was used' }]);
});

test('many changes are one frame, and frames keep their distance', () => {
  const { sent, change } = sessionOn();
  change();
  change();
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([{ frame: { sum: 2 } }]);
  for (let ms = 0; ms < 10 * FRAME_MS; ms += 1) {
    change();
    vi.advanceTimersByTime(1);
  }
  expect(sent.length).toBeLessThanOrEqual(11);
  vi.advanceTimersByTime(FRAME_MS);
  expect(sent.reduce((total: number, message) => total + (message as { frame: { sum: number } }).frame.sum, 0)).toBe(162);
});

test('a window that is behind gets one merged frame when it has caught up', () => {
  let ready = false;
  const { sent, change } = sessionOn({}, { canTakeFrame: () => ready });
  change();
  vi.advanceTimersByTime(5 * FRAME_MS);
  change();
  vi.advanceTimersByTime(5 * FRAME_MS);
  expect(sent).toEqual([]);
  ready = true;
  vi.advanceTimersByTime(2 * FRAME_MS);
  expect(sent).toEqual([{ frame: { sum: 2 } }]);
});

test('nothing happens without a change, and nothing after the end', async () => {
  const { session, sent, change, isClosed } = sessionOn({ later: () => Promise.resolve(1) });
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  session.receive('{"id":1,"method":"later"}');
  change();
  session.close();
  change();
  session.receive('{"id":2,"method":"later"}');
  await vi.advanceTimersByTimeAsync(100);
  expect(isClosed()).toBe(true);
  expect(sent).toEqual([]);
});

test('a frame that does not hold everything asks for the next one', () => {
  const sent: unknown[] = [];
  let left = 3;
  openSession(
    (wake): LabView => {
      wake();
      const takeFrame = (): Frame => {
        left -= 1;
        if (left > 0) wake();
        return { left } as unknown as Frame;
      };
      return { handlers: {} as LabView['handlers'], takeFrame, close: () => {} };
    },
    (text) => sent.push(JSON.parse(text)),
  );
  vi.advanceTimersByTime(FRAME_MS * 5);
  expect(sent).toEqual([{ frame: { left: 2 } }, { frame: { left: 1 } }, { frame: { left: 0 } }]);
});
