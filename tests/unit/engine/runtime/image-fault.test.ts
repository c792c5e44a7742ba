import { expect, test } from 'vitest';
import { imageFault } from '../../../../src-main/engine/runtime/image-fault.ts';

function check(image: string, expected: string): void {
  expect(imageFault(image)).toBe(expected);
}

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test('names that can be read', () => {
  for (const image of [
    'nginx',
    'nginx:1.27',
    'acme/app',
    'registry.k8s.io/pause:3.10',
    'localhost:5000/a/b',
    'Registry/app',
    'a/b_c__d-e.f:X_1',
  ])
    check(image, '');
  check(`nginx@${digest}`, '');
  check(`registry.k8s.io/a/b:1@${digest}`, '');
  check('[::1]:5000/app', '');
});

test('names that cannot', () => {
  check('Nginx:1', 'invalid reference format: repository name (library/Nginx) must be lowercase');
  check('acme/App', 'invalid reference format: repository name (acme/App) must be lowercase');
  check('registry.k8s.io/App:1', 'invalid reference format: repository name (App) must be lowercase');
  for (const image of ['nginx:', 'nginx:a b', 'ngi nx', 'acme//app', '-nginx', 'nginx:1:2', 'nginx@sha256:ab', 'https://nginx', 'nginx/'])
    check(image, 'invalid reference format');
  check('ab'.repeat(32), `invalid repository name (${'ab'.repeat(32)}), cannot specify 64-byte hexadecimal strings`);
  check(`acme/${'a'.repeat(251)}`, 'repository name must not be more than 255 characters');
});
