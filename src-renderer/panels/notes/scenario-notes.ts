/**
 * What there is to see in the scenarios that come with the program: each note says one thing to try, and what to look at for it.
 * The words are in the messages; a scenario of somebody's own has none here, and then none are offered.
 */
import type { ObjectRef } from '../../stores/selection-store.svelte.ts';

export interface ScenarioNote {
  /** Its words are `notes.<scenario>.<says>`. */
  readonly says: string;
  readonly look: ObjectRef | null;
}

const note = (says: string, kind = '', key = ''): ScenarioNote => ({ says, look: kind === '' ? null : { kind, key } });

const NOTES: Readonly<Record<string, readonly ScenarioNote[]>> = {
  'web-shop': [
    note('start'),
    note('worker', 'Deployment.apps', 'shop/web'),
    note('database', 'Deployment.apps', 'shop/database'),
    note('claim', 'PersistentVolumeClaim', 'shop/database'),
    note('zone'),
    note('past'),
  ],
  empty: [note('manifest'), note('kubectl')],
};

export function notesOf(scenario: string): readonly ScenarioNote[] {
  return Object.hasOwn(NOTES, scenario) ? (NOTES[scenario] ?? []) : [];
}
