// Why an object is as it is, in sentences that the window fills in and translates. The main process decides, the window only says it.

export interface WhyAnswer {
  /** Message key `why.<question>` is its heading. */
  readonly question: string;
  readonly lines: readonly WhyLine[];
}

/** One plain sentence. */
export interface WhyLine {
  /** In whose words it is said, where that is another question than the one that is answered. */
  readonly question?: string;
  /** Message key `why.<question>.<says>`. */
  readonly says: string;
  /** Fill the sentence. A name that ends in `Ms` is a span of time, in `AtMs` a moment. */
  readonly values: Readonly<Record<string, string | number>>;
  /** By the name of a value: where that number comes from. */
  readonly settings: Readonly<Record<string, WhySetting>>;
  /** What it holds for, when that is more than one thing: nodes, volumes, pods. */
  readonly names: readonly string[];
  /** The object to look at next. */
  readonly about: { readonly kind: string; readonly key: string } | null;
  /** When what the sentence waits for comes due; `left` in the sentence is the time until then. */
  readonly dueMs: number | null;
}

/** A number of Kubernetes that somebody chose. */
export interface WhySetting {
  /** As Kubernetes would have it when nobody says anything. */
  readonly default: string;
  /** The field or flag. */
  readonly setBy: string;
  /** Path below https://kubernetes.io/ */
  readonly page: string;
}
