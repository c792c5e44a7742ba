// Who am I (`kubectl auth whoami`). upstream: pkg/registry/authentication/selfsubjectreview/rest.go
import type { Review } from './review.ts';

export const selfSubjectReview: Review = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  status: (_spec, { user: { name, groups, uid } }) => ({ userInfo: { username: name, ...(uid === undefined ? {} : { uid }), groups } }),
};
