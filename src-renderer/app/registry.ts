/**
 * The views that can be looked at, in the order of their keys 1, 2, …
 * A new view is one folder and one line here.
 */
import type { Component } from 'svelte';
import type { IconName } from '../ui/icon-paths.ts';
import Lifecycle from '../views/lifecycle/lifecycle.svelte';
import Storage from '../views/storage/storage.svelte';
import Table from '../views/table/table.svelte';
import Timeline from '../views/timeline/timeline.svelte';
import Topology from '../views/topology/topology.svelte';

export interface View {
  /** What it is called in `view.<name>`. */
  readonly name: string;
  readonly icon: IconName;
  readonly component: Component;
}

export const VIEWS: readonly View[] = [
  { name: 'topology', icon: 'topology', component: Topology },
  { name: 'storage', icon: 'storage', component: Storage },
  { name: 'lifecycle', icon: 'lifecycle', component: Lifecycle },
  { name: 'timeline', icon: 'timeline', component: Timeline },
  { name: 'table', icon: 'table', component: Table },
];
