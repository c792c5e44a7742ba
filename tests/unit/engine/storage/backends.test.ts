// The catalogue of storage backends: each by one name, and what it can do.
import { expect, test } from 'vitest';
import { backends, driverOf, driverOfProvisioner } from '../../../../src-main/engine/storage/backends.ts';

const of = (title: string) => backends.find((backend) => backend.title === title);

test('each has a name of its own', () => expect(new Set(backends.map(({ name }) => name)).size).toBe(backends.length));

test.each([
  ['AWS EBS', ['ReadWriteOnce', 'ReadWriteOncePod'], 'zone', true],
  ['NFS', ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'], 'cluster', false],
  ['hostPath', ['ReadWriteOnce'], 'node', false],
  ['local', ['ReadWriteOnce', 'ReadWriteOncePod'], 'node', false],
  ['emptyDir', [], 'pod', false],
  ['emptyDir (Memory)', [], 'pod', false],
])('%s: access modes, reach, attached or only mounted', (title, modes, reach, attaches) =>
  expect(of(title)).toMatchObject({ modes, reach, attaches }),
);

test('plugins of Kubernetes itself are no drivers', () => expect(driverOf('kubernetes.io/empty-dir')).toBeUndefined());
test('but for those that a driver has taken over from', () =>
  expect(driverOfProvisioner('kubernetes.io/aws-ebs')?.name).toBe('ebs.csi.aws.com'));
