// Runs what is written in steps to its end, for those who need not let anything happen in between.

export function inOneGo<T>(steps: Iterator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
