// The outcome of reading a text: a value or the reason why not, so that reading never throws on what a user wrote.

export type Parsed<T> = { readonly value: T; readonly error?: never } | { readonly value?: never; readonly error: string };
