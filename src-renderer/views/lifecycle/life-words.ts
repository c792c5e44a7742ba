/**
 * What the parts of a chart are called in the language of the person.
 * A name without words is shown as the chart has it, cut apart where it is written together.
 */
import type { LifeRecord, LifeStepRecord } from '../../../src-main/contract/bridge.ts';
import type { ChartRecord } from '../../../src-main/contract/chart.ts';
import { language, t } from '../../stores/language.svelte.ts';
import type { ChartWords } from './chart-plan.ts';

export function chartWords({ id }: ChartRecord): ChartWords {
  return {
    box: ({ id: path, name, kind }) => (kind === 'any' || kind === 'choice' ? '' : language.textOr(`life.${id}.${path}`, apart(name))),
    arrow: ({ ways }) =>
      [
        ...new Set(
          ways.map(({ on, guard, isDelay }) => {
            const cause = on === '' ? '' : isDelay ? delayWords(on) : eventWords(id, on);
            return guard === '' ? cause : `${cause}${cause === '' ? '' : ' '}[${guardWords(guard)}]`;
          }),
        ),
      ].filter((line) => line !== ''),
  };
}

export function stateWords({ chart, state }: Pick<LifeRecord, 'chart' | 'state'>): string {
  return state
    .split('|')
    .map((path) => language.textOr(`life.${chart}.${path}`, apart(path.split('.').at(-1) ?? path)))
    .join(' · ');
}

/** Only what became different: a region that stayed says nothing. */
export function arrivalWords(chart: string, { from, to }: LifeStepRecord): string {
  const before = new Set(from.split('|'));
  const changed = to.split('|').filter((leaf) => !before.has(leaf));
  return stateWords({ chart, state: changed.join('|') || to });
}

/** The answers that decided: guards are asked until one agrees, so the last of them tell most. */
const ANSWERS_MAX = 3;

export function causeWords(chart: ChartRecord, { on, guards, cause }: LifeStepRecord): string {
  const isDelay = on !== '' && isDelayOf(chart, on);
  const event = on === '' ? '' : isDelay ? t('lifecycle.delayOver', { delay: delayWords(on) }) : eventWords(chart.id, on);
  return [event, ...guards.slice(-ANSWERS_MAX).map(({ name, said }) => guardAnswer(name, said)), cause].filter(Boolean).join(' · ');
}

function guardAnswer(name: string, said: boolean): string {
  return t(said ? 'lifecycle.guardYes' : 'lifecycle.guardNo', { guard: guardWords(name) });
}

export function delayWords(name: string): string {
  return language.textOr(`life.delay.${name}`, apart(name));
}

function eventWords(chart: string, name: string): string {
  return language.textOr(`life.event.${chart}.${name}`, apart(name));
}

function guardWords(name: string): string {
  return language.textOr(`life.guard.${name}`, apart(name));
}

function isDelayOf(chart: ChartRecord, name: string): boolean {
  const has = (states: ChartRecord['states']): boolean =>
    states.some(({ ways, states: below }) => ways.some(({ on, isDelay }) => isDelay && on === name) || has(below));
  return has(chart.states);
}

/** `imagePullBackOff` as `image pull back off`. */
function apart(name: string): string {
  return /^[a-z]/.test(name) ? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) : name;
}
