// Long work is written in steps, so that whoever runs it may rest between two of them; this runs it to its end for those who need not.

/** Work that is at rest at each yield. It is done as one all the same: nothing that it touches may be changed by others in between. */
export type Steps = Generator<void, void>;

/** What a handler gives back: nothing when it has done everything at once. */
// biome-ignore lint/suspicious/noConfusingVoidType: most handlers have no return statement
export type Handled = Steps | void;

export function inOneGo<T>(steps: Iterator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
