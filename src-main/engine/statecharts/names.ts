// What a chart's names stand for until its owner answers them: charts carry names only, so that they can be drawn, saved and held against XState.

/** Names of actions, for `setup({ actions })`. */
export function actionsNamed<Name extends string>(...names: Name[]): Record<Name, () => void> {
  return Object.fromEntries(names.map((name) => [name, () => {}])) as Record<Name, () => void>;
}

/** Names of guards, for `setup({ guards })`. */
export function guardsNamed<Name extends string>(...names: Name[]): Record<Name, () => boolean> {
  return Object.fromEntries(names.map((name) => [name, () => false])) as Record<Name, () => boolean>;
}

/** Names of delays, for `setup({ delays })`. */
export function delaysNamed<Name extends string>(...names: Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 1])) as Record<Name, number>;
}
