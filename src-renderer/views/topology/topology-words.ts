/**
 * The words of the topology picture in the language of the window.
 * The picture itself is pure, so its words are given to it.
 */
import type { TopologyWords } from '../../scene/topology-scene.ts';
import { t } from '../../stores/language.svelte.ts';
import { silentWords } from '../../stores/spoken-time.ts';

export function topologyWords(): TopologyWords {
  return {
    cpu: t('card.cpu'),
    memory: t('card.memory'),
    pods: t('card.pods'),
    unscheduled: t('topology.unscheduled'),
    controlPlane: t('topology.controlPlane'),
    noZone: t('topology.noZone'),
    notReady: t('look.not-ready'),
    silent: silentWords,
    mostWait: (count, reason) => t('topology.mostWait', { count, reason }),
    nothingWaits: t('topology.nothingWaits'),
    more: (count) => t('topology.more', { count }),
    nodes: (count) => t('topology.nodes', { count }),
  };
}
