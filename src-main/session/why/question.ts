// What a question is: it looks at one object in its cluster, and answers with sentences or with none when the question does not arise.
import type { WhyLine, WhySetting } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { ApiObject } from '../../engine/meta/object.ts';

export interface Question {
  /** Message keys begin with `why.<name>`. */
  readonly name: string;
  readonly answer: (cluster: Cluster, kind: string, object: ApiObject) => readonly WhyLine[];
}

/** A sentence with what is not said of it left empty. */
export function line(
  says: string,
  values: WhyLine['values'] = {},
  more: Partial<Pick<WhyLine, 'names' | 'about' | 'dueMs'>> & { readonly settings?: Readonly<Record<string, WhySetting>> } = {},
): WhyLine {
  return { says, values, settings: more.settings ?? {}, names: more.names ?? [], about: more.about ?? null, dueMs: more.dueMs ?? null };
}
