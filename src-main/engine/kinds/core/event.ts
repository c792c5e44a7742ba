// Event: its type and all of its API rules.
import type { Event as OpenApiEvent } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type Event = StoredInNamespace<OpenApiEvent>;

export const eventKind = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  hasStatus: false,
});
