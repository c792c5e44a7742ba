// What answers a subresource that is no part of its object: one file each, found by name and method.
import type { Call } from '../call.ts';
import type { Present } from '../read.ts';
import type { RestAnswer } from '../rest-request.ts';

export interface SubresourceHandler {
  readonly name: string;
  readonly methods: readonly string[];
  /** Its query is for whoever it leads to. */
  readonly connects?: true;
  readonly answer: (call: Call, present: Present) => RestAnswer;
}
