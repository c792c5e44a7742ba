import { expect, test } from 'vitest';
import { traysOf } from '../../../src-renderer/stores/trays.ts';

test('a lab without a failure has no drop for it', () => {
  expect(traysOf([{ name: 'node-power-off', target: 'node' }])).toEqual([
    { name: 'powered-off', node: 'node-power-off', zone: '' },
    { name: 'network-cut', node: '', zone: '' },
    { name: 'kubelet-stopped', node: '', zone: '' },
  ]);
});
