import { expect, test } from 'vitest';
import { imageExists, imageFacts, imageUser, parseImage } from '../../../../src-main/engine/runtime/image-catalogue.ts';

/** The reference in full, its kind, and whether a registry has it. */
function check(image: string, full: string, kind: string, exists = true): void {
  expect([parseImage(image).full, imageFacts(image).kind, imageExists(image)]).toEqual([full, kind, exists]);
}

test('references are completed as Docker does', () => {
  check('nginx', 'docker.io/library/nginx:latest', 'service');
  check('busybox:1.36', 'docker.io/library/busybox:1.36', 'shell');
  check('dockersamples/examplevotingapp_vote', 'docker.io/dockersamples/examplevotingapp_vote:latest', 'service');
  check('registry.k8s.io/redis:e2e', 'registry.k8s.io/redis:e2e', 'service');
  check('localhost:5000/a/b', 'localhost:5000/a/b:latest', 'service');
  check('busybox:1.38.0@sha256:fd8d', 'docker.io/library/busybox:1.38.0@sha256:fd8d', 'shell');
  check('hello-world@sha256:ab', 'docker.io/library/hello-world@sha256:ab', 'task');
});

test('what is not there cannot be pulled', () => {
  check('nginx:1.161', 'docker.io/library/nginx:1.161', 'service', false);
  check('nginx:1.27-alpine', 'docker.io/library/nginx:1.27-alpine', 'service');
  check('acme/does-not-exist:1', 'docker.io/acme/does-not-exist:1', 'service', false);
  check('registry.example.invalid/app', 'registry.example.invalid/app:latest', 'service', false);
});

test('the user of an image is root where it is known and names none', () => {
  const users = ['nginx', 'nginx:1.27-alpine', 'nginxinc/nginx-unprivileged', 'bitnami/redis', 'memcached', 'acme/app'].map(imageUser);
  expect(users).toEqual([0, 0, 101, 1001, 'memcache', undefined]);
});
