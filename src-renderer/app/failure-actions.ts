/**
 * Failures among the commands: each on what is selected or on something to choose, and what heals those in force.
 * They depend on what the lab can do and on what is broken, so they are made when somebody asks.
 */
import type { FailureKind } from '../../src-main/contract/lab-info.ts';
import type { Lab } from '../stores/lab.svelte.ts';
import { t } from '../stores/language.svelte.ts';
import type { Action } from './actions.ts';

export const TARGETS: readonly FailureKind['target'][] = ['node', 'zone', 'disk', 'container', 'registry', 'component'];
const KIND_OF: Readonly<Partial<Record<FailureKind['target'], string>>> = { node: 'Node', zone: 'Zone', disk: 'PersistentVolume' };

export function failureActions(lab: Lab): readonly Action[] {
  const { selected } = lab.selection;
  const kinds = TARGETS.flatMap((target) => lab.failuresOf(target));
  const onSelected = selected
    ? kinds.filter(({ target }) => KIND_OF[target] === selected.kind).map((kind) => failureOn(kind, selected.key))
    : [];
  const onAny = kinds.map(
    (kind): Action => ({
      name: `fail.${kind.name}`,
      words: () => t('palette.failAny', { failure: t(`failure.${kind.name}`) }),
      icon: 'warning',
      run: (inLab) => (inLab.aim.choosing = kind),
    }),
  );
  const heals = lab.past.shown ? [] : lab.cluster.list('failures');
  return [
    ...heals.map(
      ({ id, failure, target }): Action => ({
        name: `heal.${id}`,
        words: () => t('heal.named', { failure: `${t(`failure.${failure}`)}, ${target}` }),
        icon: 'heal',
        run: (inLab) => void inLab.heal(id),
      }),
    ),
    ...onSelected,
    ...onAny,
  ];
}

export function failureOn({ name }: FailureKind, target: string): Action {
  return {
    name: `fail.${name}.${target}`,
    words: () => t('palette.fail', { failure: t(`failure.${name}`), target }),
    icon: 'warning',
    run: (lab) => lab.aim.ask({ failure: name, target }),
  };
}
