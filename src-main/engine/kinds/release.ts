// The release of Kubernetes that the lab is modelled on, as everybody in the cluster who has a version tells it.

export const RELEASE = 'v1.33.0';
