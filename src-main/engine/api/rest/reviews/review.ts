// A kind that is asked, not stored: its spec is the question, and the answer comes back in its status.
import type { JsonObject } from '../../../meta/object.ts';
import type { Policy } from '../../authorization/authorizer.ts';
import type { VirtualKind } from '../resource-catalogue.ts';
import type { Identity } from '../rest-request.ts';

export interface ReviewWorld {
  readonly user: Identity;
  readonly policy: Policy;
  /** Of the address; '' for a kind of the cluster's scope. */
  readonly namespace: string;
}

export interface Review extends VirtualKind {
  readonly status: (spec: JsonObject, world: ReviewWorld) => object;
}
