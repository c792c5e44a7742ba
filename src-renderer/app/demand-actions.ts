/**
 * Load and node groups among the commands: they depend on which Services and groups there are, so they are made when somebody asks.
 */
import type { Lab } from '../stores/lab.svelte.ts';
import { t } from '../stores/language.svelte.ts';
import { keyOf } from '../stores/selection-store.svelte.ts';
import type { Action } from './actions.ts';

/** The list is for reading; who has more Services finds them in the table. */
const SERVICES_MAX = 40;

export function demandActions(lab: Lab): readonly Action[] {
  if (lab.past.shown) return [];
  const services = lab.cluster.list('objects').filter(({ kind, name }) => kind === 'Service' && name !== 'kubernetes');
  const loads = services.slice(0, SERVICES_MAX).map((record): Action => {
    const service = keyOf(record);
    return {
      name: `load.${service}`,
      words: () => t('palette.load', { service }),
      icon: 'load',
      run: (inLab) => inLab.deeds.ask('load', [{ kind: 'Service', key: service }]),
    };
  });
  const ends = lab.cluster.list('loads').map(
    ({ id }): Action => ({
      name: `load.end.${id}`,
      words: () => t('palette.loadEnd', { service: id }),
      icon: 'close',
      run: (inLab) => void inLab.demand.setLoad(id, 0),
    }),
  );
  const groups = lab.cluster.list('groups').flatMap(({ id }): readonly Action[] => [
    {
      name: `group.change.${id}`,
      words: () => t('group.change', { name: id }),
      icon: 'topology',
      run: (inLab) => inLab.deeds.ask('group', [{ kind: 'NodeGroup', key: id }]),
    },
    {
      name: `group.end.${id}`,
      words: () => t('group.end', { name: id }),
      icon: 'close',
      run: (inLab) => void inLab.demand.setGroup(id, null),
    },
  ]);
  const fresh: Action = {
    name: 'group.new',
    words: () => t('group.newAny'),
    icon: 'topology',
    run: (inLab) => inLab.deeds.ask('group', []),
  };
  return [...loads, ...ends, fresh, ...groups];
}
