/**
 * What a person writes into the fields of a container's resources, and what of it is to be asked of the lab: only what is other than before.
 * What an amount may look like is for the API server to say; here only a field that was emptied is held back, because nothing can be taken away.
 */
import type { ContainerAmounts } from '../../../src-main/contract/object-action.ts';

const FIELDS = ['requests.cpu', 'limits.cpu', 'requests.memory', 'limits.memory'] as const;
export type AmountsForm = { readonly name: string } & Record<(typeof FIELDS)[number], string>;

export function formOf({ name, requests, limits }: ContainerAmounts): AmountsForm {
  return {
    name,
    'requests.cpu': requests['cpu'] ?? '',
    'limits.cpu': limits['cpu'] ?? '',
    'requests.memory': requests['memory'] ?? '',
    'limits.memory': limits['memory'] ?? '',
  };
}

/** Null where something cannot be asked for. */
export function wantedOf(form: readonly AmountsForm[], before: readonly AmountsForm[]): readonly ContainerAmounts[] | null {
  const wanted: ContainerAmounts[] = [];
  for (const [at, amounts] of form.entries()) {
    const old = before[at];
    const changed = FIELDS.filter((field) => amounts[field].trim() !== old?.[field]);
    if (changed.some((field) => amounts[field].trim() === '')) return null;
    if (changed.length === 0) continue;
    const side = (name: string): Record<string, string> =>
      Object.fromEntries(
        changed.filter((field) => field.startsWith(name)).map((field) => [field.slice(name.length + 1), amounts[field].trim()]),
      );
    wanted.push({ name: amounts.name, requests: side('requests'), limits: side('limits') });
  }
  return wanted;
}
