import { expect, test } from 'vitest';
import { parseSchedulerFile } from '../../../src-main/session/scheduler-file.ts';

const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';

function check(text: string, expected: object): void {
  expect(parseSchedulerFile('scheduler.yaml', text)).toEqual(expected);
}

test('a configuration is read as it stands', () => {
  const profiles = [{ schedulerName: 'mine', percentageOfNodesToScore: 40 }];
  const schedulerConfiguration = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration', profiles };
  check(`${head}profiles:\n- schedulerName: mine\n  percentageOfNodesToScore: 40\n`, { schedulerConfiguration });
});

test('what cannot be read or would be refused at start is told', () => {
  check('profiles: [', { faults: [expect.stringMatching(/^scheduler\.yaml:1:12: /)] });
  check('', { faults: ['scheduler.yaml: expected one configuration'] });
  check(`${head}---\n${head}`, { faults: ['scheduler.yaml: expected one configuration'] });
  check(`${head}podMaxBackoffSeconds: 0\n`, {
    faults: ['scheduler.yaml: podMaxBackoffSeconds: Invalid value: 0: must be greater than or equal to PodInitialBackoffSeconds'],
  });
});
