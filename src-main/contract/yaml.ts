// What the YAML editor asks of the lab: the fields a kind has, whether a change would do, and to make it.

/** The fields of a kind, for completion and hints. */
export interface FieldTable {
  /** Name of the kind's type; '' for kinds that are only stored. */
  readonly root: string;
  /** Fields of each object type. A type is `string`, `bytes`, `time`, `microTime`, `bool`, `int32`, `int64`, `quantity`, `intOrString`, `any`, an object type, or one of these after `[]` or `{}`. */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `core.Container.imagePullPolicy`: the values that the API server takes. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Components write all of it: what a person changes would be gone at once. */
  readonly managed: boolean;
  /** Who owns the object and may change it back. */
  readonly owner: { readonly kind: string; readonly key: string } | null;
  /** Status is the components' to write. */
  readonly hasStatus: boolean;
}

/** A person has changed `base` to `text`; what differs is what they want. */
export interface YamlEdit {
  readonly kind: string;
  readonly key: string;
  readonly base: string;
  readonly text: string;
}

export interface YamlFault {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface YamlReport {
  /** Nothing was changed when there are any. */
  readonly faults: readonly YamlFault[];
  /** Fields that somebody else has changed meanwhile to something else. Nothing was changed when there are any. */
  readonly overtaken: readonly { readonly field: string; readonly line: number; readonly column: number }[];
  readonly warnings: readonly string[];
  readonly changed: boolean;
  /** The edit that takes an applied change back, as long as nobody overtakes it. */
  readonly undo: Pick<YamlEdit, 'base' | 'text'> | null;
}
