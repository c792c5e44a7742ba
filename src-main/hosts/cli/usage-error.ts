// What a person typed or handed over cannot be used; the message says what to do instead. The command ends with exit code 2.

export class UsageError extends Error {
  override readonly name = 'UsageError';
}
