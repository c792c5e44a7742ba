/**
 * The words of the lanes in the language of the window.
 * The picture itself is pure, so its words are given to it.
 */
import type { TimelineWords } from '../../scene/timeline/timeline-scene.ts';
import { t } from '../../stores/language.svelte.ts';
import { stopwatch } from '../../stores/spoken-time.ts';

export function timelineWords(): TimelineWords {
  return {
    lane: (lane) => t(`timeline.lane.${lane}`),
    now: t('timeline.now'),
    shown: t('timeline.shown'),
    time: (ms) => (ms % 1000 === 0 ? stopwatch(ms) : `${stopwatch(ms)}.${(ms % 1000) / 100}`),
    failure: (failure) => t(`failure.${failure}`),
    failures: (count, names) => t('timeline.failures', { count, names }),
    more: (count) => t('timeline.more', { count }),
  };
}
