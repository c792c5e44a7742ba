import { expect, test } from 'vitest';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { KubeletLab } from './kubelet-lab.ts';

interface Expected {
  readonly reason: string | undefined;
  readonly message?: string;
  readonly events?: readonly string[];
}

/** Why a container is not made, and what is told of it. */
function check(image: string, security: Record<string, unknown>, expected: Expected, whole: Record<string, unknown> = {}): void {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec: { securityContext: whole, containers: [{ name: 'app', image, securityContext: security }] } });
  lab.run(9);
  const waiting = lab.pod('p')?.status.containerStatuses?.[0]?.state?.waiting;
  const uid = lab.pod('p')?.metadata.uid ?? '';
  const message = waiting?.message?.replace(uid, 'UID');
  expect({ reason: waiting?.reason, message }).toEqual({ reason: expected.reason, message: expected.message });
  const events = lab.events('p').map((event) => event.replace(uid, 'UID'));
  for (const event of expected.events ?? []) expect(events).toContain(event);
}

const ROOTLESS = { runAsNonRoot: true };
const whose = '(pod: "p_default(UID)", container: app)';

test('a container that may not run as root is not made of an image that does', () => {
  const message = `container has runAsNonRoot and image will run as root ${whose}`;
  const refused = { reason: 'CreateContainerConfigError', message, events: [`Warning Failed Error: ${message}`] };
  check('nginx:1.27', ROOTLESS, refused);
  check('nginx:1.27', {}, refused, ROOTLESS);
  check('nginx:1.27', { runAsNonRoot: false }, { reason: undefined }, ROOTLESS);
  check('nginx:1.27', ROOTLESS, { reason: undefined }, { runAsUser: 1000 });
  check(
    'nginx:1.27',
    { ...ROOTLESS, runAsUser: 0 },
    { ...refused, message: `container's runAsUser breaks non-root policy ${whose}`, events: [] },
  );
  check('nginxinc/nginx-unprivileged', ROOTLESS, { reason: undefined });
  check('acme/app:1', ROOTLESS, { reason: undefined });
});

test('whether a user with a name is root cannot be told', () =>
  check('memcached:1', ROOTLESS, {
    reason: 'CreateContainerConfigError',
    message: `container has runAsNonRoot and image has non-numeric user (memcache), cannot verify user is non-root ${whose}`,
  }));

test('a name that no image can have is not pulled', () => {
  const fault = 'couldn\'t parse image name "Nginx:1": invalid reference format: repository name (library/Nginx) must be lowercase';
  const message = `Failed to apply default image tag "Nginx:1": ${fault}`;
  check(
    'Nginx:1',
    {},
    { reason: 'InvalidImageName', message, events: [`Warning InspectFailed ${message}`, 'Warning Failed Error: InvalidImageName'] },
  );
});

test('another name is tried at once', () => {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec: { containers: [{ name: 'app', image: 'Nginx:1.27' }] } });
  lab.run(5);
  lab.server.patch(
    podKind,
    'default/p',
    (pod) => ({
      ...pod,
      spec: { ...pod.spec, containers: pod.spec.containers.map((container) => ({ ...container, image: 'nginx:1.27' })) },
    }),
    'test',
  );
  lab.run(10);
  expect(lab.summary('p')).toContain('Running');
});
