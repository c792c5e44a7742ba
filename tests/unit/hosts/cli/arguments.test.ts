// Words of the command line and what they mean.
import { expect, test } from 'vitest';
import { durationMs, wholeNumber } from '../../../../src-main/hosts/cli/arguments.ts';
import { parsePlannedFailure } from '../../../../src-main/hosts/cli/run/planned-failure.ts';

const outcome = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  ['90s', 90_000],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['1.5h', 5_400_000],
  ['45', 45_000],
  ['banana', '--for: "banana" is no duration; write it like 90s, 10m or 1h30m'],
  ['-5m', '--for: "-5m" is no duration; write it like 90s, 10m or 1h30m'],
  ['', '--for: "" is no duration; write it like 90s, 10m or 1h30m'],
  ['99999d', '--for: "99999d" is longer than ten years'],
])('duration %s', (text, expected) => {
  expect(outcome(() => durationMs(text, '--for'))).toBe(expected);
});

test.each([
  ['7', 7],
  ['0', '--nodes: "0" must be a whole number from 1 to 10'],
  ['11', '--nodes: "11" must be a whole number from 1 to 10'],
  ['3.5', '--nodes: "3.5" must be a whole number from 1 to 10'],
  ['1e1', '--nodes: "1e1" must be a whole number from 1 to 10'],
])('whole number %s', (text, expected) => {
  expect(outcome(() => wholeNumber(text, '--nodes', 1, 10))).toBe(expected);
});

test.each([
  ['node/worker-2@2m', ['node-power-off', 'worker-2', 120_000]],
  ['zone/zone-a@30s', ['zone-outage', 'zone-a', 30_000]],
  ['container/default/web-0/app@1m', ['container-crash', 'default/web-0/app', 60_000]],
  ['node-network-cut/worker-1@0s', ['node-network-cut', 'worker-1', 0]],
])('failure %s', (text, expected) => {
  const { failure, target, atMs } = parsePlannedFailure('fail', text);
  expect([failure, target, atMs]).toEqual(expected);
});

test.each([
  ['worker-2', '--heal: "worker-2" must be WHAT/TARGET@TIME, like node/worker-2@2m'],
  ['node/worker-2', '--heal: "node/worker-2" must be WHAT/TARGET@TIME, like node/worker-2@2m'],
  [
    'moon/full@1m',
    '--heal: there is no failure "moon"; there are: node, shutdown, kubelet, network, zone, disk, container, probe, registry, component',
  ],
  [
    'constructor/x@1m',
    '--heal: there is no failure "constructor"; there are: node, shutdown, kubelet, network, zone, disk, container, probe, registry, component',
  ],
])('what is no failure: %s', (text, expected) => {
  expect(outcome(() => parsePlannedFailure('heal', text))).toBe(expected);
});
