/**
 * Commands on objects that the typed words name, as in `drain worker-3`: some of the words say what to do, the others stand in a name.
 * They are made from those on the selected object, which are listed without its name.
 */
import { canDo, OBJECT_DEEDS, runDeed } from '../panels/actions/object-deeds.ts';
import { targetsOf } from '../panels/failures/targets-of.ts';
import { findObjects } from '../panels/search/find-objects.ts';
import type { Lab } from '../stores/lab.svelte.ts';
import { language, t } from '../stores/language.svelte.ts';
import { type ObjectRef, sameRef } from '../stores/selection-store.svelte.ts';
import { shortKind } from '../stores/spoken-time.ts';
import type { Action } from './actions.ts';
import { failureOn, TARGETS } from './failure-actions.ts';

/** Of each command; who means another one types more of its name. */
const FOUND_MAX = 12;

/** `words`: in small letters. */
export function namedActions(lab: Lab, words: readonly string[]): readonly Action[] {
  return [...deedsOnNamed(lab, words), ...failuresOfNamed(lab, words)];
}

function deedsOnNamed(lab: Lab, words: readonly string[]): readonly Action[] {
  const { selected } = lab.selection;
  return OBJECT_DEEDS.flatMap((deed): readonly Action[] => {
    const label = t(`deed.${deed.name}`);
    const { kinds, name } = objectIn(words, `${language.withEnglish(() => t(`deed.${deed.name}`))} ${deed.name}`);
    if (name === undefined) return [];
    const fits = (ref: ObjectRef): boolean => isOneOf(kinds, ref) && !sameRef(ref, selected) && canDo(lab, deed, ref);
    return findObjects(lab.cluster, name, FOUND_MAX, fits).map((ref) => ({
      name: `deed.${deed.name}.${ref.kind}.${ref.key}`,
      words: () => `${label} ${t('palette.on', { what: `${shortKind(ref.kind)} ${ref.key}` })}`,
      icon: deed.icon,
      run: (inLab) => runDeed(inLab, deed, [ref]),
    }));
  });
}

function failuresOfNamed(lab: Lab, words: readonly string[]): readonly Action[] {
  // Which of a pod's containers is asked in a dialog of its own.
  const failures = TARGETS.filter((target) => target !== 'container').flatMap((target) => lab.failuresOf(target));
  return failures.flatMap((failure): readonly Action[] => {
    const { kinds, name } = objectIn(
      words,
      `${language.withEnglish(() => t(`failure.${failure.name}`))} ${failure.name} ${failure.target}`,
    );
    if (name === undefined || kinds.length > 0) return [];
    return targetsOf(lab.cluster, failure.target, name, FOUND_MAX)
      .filter((target) => target !== lab.selection.selected?.key)
      .map((target) => failureOn(failure, target));
  });
}

/** Of the words that do not say what to do, the last is a name, the others tell its kind; no name if all of them do, or none. */
function objectIn(words: readonly string[], label: string): { readonly kinds: readonly string[]; readonly name: string | undefined } {
  const told = label.toLowerCase();
  const others = words.filter((word) => !told.includes(word));
  return others.length === words.length ? { kinds: [], name: undefined } : { kinds: others.slice(0, -1), name: others.at(-1) };
}

/** As people type kinds for kubectl: `node`, `nodes`, `deploy`. */
function isOneOf(kinds: readonly string[], ref: ObjectRef): boolean {
  const kind = shortKind(ref.kind).toLowerCase();
  return kinds.every((word) => `${kind}s`.startsWith(word));
}
