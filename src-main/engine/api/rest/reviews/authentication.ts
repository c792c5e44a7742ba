// Who am I (`kubectl auth whoami`), and whose is a token. upstream: pkg/registry/authentication/selfsubjectreview/rest.go
import { badRequest } from '../../../meta/status-error.ts';
import type { Review } from './review.ts';

export const selfSubjectReview: Review = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  status: (_spec, { user: { name, groups, uid } }) => ({ userInfo: { username: name, ...(uid === undefined ? {} : { uid }), groups } }),
};

/** Whose is this token? The host that makes tokens fills the answer in. upstream: pkg/registry/authentication/tokenreview/storage.go */
export const tokenReview: Review = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  namespaced: false,
  status: ({ token }) => {
    if (typeof token !== 'string' || token === '') throw badRequest('token is required for TokenReview in authentication');
    return { user: {} };
  },
};
