// Which programs a container has: those of its image, and those that somebody has brought into its own layer since.
import { hasProgram } from '../runtime/image-catalogue.ts';
import { installedAt } from '../runtime/package-commands.ts';
import type { Instance } from './container-runtime.ts';

export function isInstalled(instance: Instance, program: string): boolean {
  return hasProgram(instance.spec.image ?? '', program) || isAdded(instance, program);
}

/** Is it there though the image does not have it? */
export function isAdded({ state }: Instance, program: string): boolean {
  return state.files?.[installedAt(program)] !== undefined;
}
