import { expect, test } from 'vitest';
import { setup } from 'xstate';
import {
  begin,
  defineChart,
  elapse,
  end,
  interpret,
  type Life,
  type LifeHost,
  within,
} from '../../../../src-main/engine/statecharts/interpreter.ts';

const nothing = (): void => {};
const lamp = defineChart({
  id: 'lamp',
  machine: setup({
    types: { events: {} as { type: 'press' } | { type: 'break' } },
    actions: { glow: nothing, dim: nothing, smash: nothing },
    guards: { powered: () => true, warm: () => true },
    delays: { hold: 1, cool: 1 },
  }).createMachine({
    id: 'lamp',
    type: 'parallel',
    states: {
      light: {
        initial: 'off',
        states: {
          off: {
            on: {
              press: [
                { target: 'on.bright', guard: 'powered' },
                { target: 'on.faint', guard: 'warm' },
              ],
            },
          },
          on: {
            entry: 'glow',
            exit: 'dim',
            after: { hold: 'off' },
            on: { press: 'off' },
            initial: 'bright',
            states: { bright: { after: { cool: 'faint' } }, faint: {} },
          },
        },
      },
      glass: { initial: 'whole', states: { whole: { on: { break: { target: 'broken', actions: 'smash' } } }, broken: { type: 'final' } } },
    },
  }),
});

/** Plays a script of events on the lamp and tells what was done. */
function check(script: readonly string[], facts: Readonly<Record<string, boolean>>, expected: readonly string[]): void {
  const log: string[] = [];
  let ids = 0;
  const host: LifeHost = {
    nowMs: 0,
    guard: (name) => facts[name] === true,
    action: (name) => void log.push(name),
    delayMs: (name) => (name === 'hold' ? 30 : 10),
    after: (delayMs, name) => {
      ids += 1;
      log.push(`${name} in ${delayMs} as ${ids}`);
      return ids;
    },
    cancel: (id) => void log.push(`cancel ${id}`),
  };
  for (let round = 0; round < 2; round += 1) {
    log.length = 0;
    ids = 0;
    let life: Life = begin(lamp, host);
    for (const event of script) {
      life = JSON.parse(JSON.stringify(life)) as Life;
      if (event.startsWith('~')) elapse(lamp, life, event.slice(1), host);
      else interpret(lamp, life, event, host);
    }
    log.push(life.value, Object.keys(life.timers).sort().join());
    end(life, host);
    expect(log).toEqual(expected);
  }
}

test('a chart runs its actions and delays in order, the same when asked and when remembered', () => {
  check([], {}, ['light.off|glass.whole', '']);
  check(['press'], {}, ['light.off|glass.whole', '']);
  check(['press'], { warm: true }, ['glow', 'hold in 30 as 1', 'light.on.faint|glass.whole', 'hold', 'cancel 1']);
  check(['press', '~cool', 'break', 'press'], { powered: true }, [
    'glow',
    'hold in 30 as 1',
    'cool in 10 as 2',
    'smash',
    'dim',
    'cancel 1',
    'light.off|glass.broken',
    '',
  ]);
  check(['press', '~hold'], { powered: true }, [
    'glow',
    'hold in 30 as 1',
    'cool in 10 as 2',
    'cancel 2',
    'dim',
    'light.off|glass.whole',
    '',
  ]);
  check(['~hold', 'unheard'], {}, ['light.off|glass.whole', '']);
});

test('time of the last change is kept', () => {
  const host = { nowMs: 5, guard: () => true, action: nothing, delayMs: () => 1, after: () => 1, cancel: nothing };
  const life = begin(lamp, host);
  interpret(lamp, life, 'unheard', { ...host, nowMs: 7 });
  expect(life.sinceMs).toBe(5);
  interpret(lamp, life, 'press', { ...host, nowMs: 9 });
  expect(life).toEqual({ value: 'light.on.bright|glass.whole', sinceMs: 9, timers: { hold: 1, cool: 1 } });
  expect([within(life.value, 'light.on'), within(life.value, 'glass.broken'), within('waiting', 'wait')]).toEqual([true, false, false]);
});

test('a guard is asked once for an event, whether its answer leads where nobody was before or not', () => {
  const gate = defineChart({
    id: 'gate',
    machine: setup({
      types: { events: {} as { type: 'knock' } },
      guards: { known: () => true, invited: () => true },
    }).createMachine({
      id: 'gate',
      initial: 'shut',
      states: {
        shut: {
          on: {
            knock: [
              { target: 'open', guard: 'known' },
              { target: 'open', guard: 'invited' },
            ],
          },
        },
        open: {},
      },
    }),
  });
  const knock = (answers: Readonly<Record<string, boolean>>): readonly string[] => {
    const asked: string[] = [];
    const guard = (name: string): boolean => {
      asked.push(name);
      return answers[name] === true;
    };
    const host = { nowMs: 0, action: nothing, guard, delayMs: () => 0, after: () => 0, cancel: nothing };
    interpret(gate, { value: 'shut', sinceMs: 0, timers: {} }, 'knock', host);
    return asked;
  };
  const rounds = [{ known: true }, { known: false }, { invited: true }, { known: true }, { known: false }];
  expect(rounds.map((answers) => knock(answers).join())).toEqual(['known', 'known,invited', 'known,invited', 'known', 'known,invited']);
});
