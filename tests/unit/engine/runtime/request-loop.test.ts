// Which scripts are load: loops that only ask, and how long they rest between two questions.
import { expect, test } from 'vitest';
import { requestLoopOf } from '../../../../src-main/engine/runtime/request-loop.ts';
import { compileShell } from '../../../../src-main/engine/runtime/shell-program.ts';

function check(script: string, expected: string | null): void {
  const loop = requestLoopOf(compileShell(script) ?? []);
  expect(loop === null ? null : `${loop.host}:${loop.port} every ${loop.pauseMs} ms after ${loop.before.length} steps`).toBe(expected);
}

test.each([
  ['while sleep 0.01; do wget -q -O- http://php-apache; done', 'php-apache:80 every 15 ms after 0 steps'],
  [
    'while true; do wget -q -O- http://php-apache.default.svc.cluster.local:8080/x; sleep 1; done',
    'php-apache.default.svc.cluster.local:8080 every 1005 ms after 0 steps',
  ],
  ['echo begin; while true; do curl -s web.shop; done', 'web.shop:80 every 5 ms after 1 steps'],
  ['while sleep 1; do curl https://web > /dev/null; done', 'web:443 every 1005 ms after 0 steps'],
  ['wget http://web', null],
  ['set -e; while true; do wget http://web; sleep 1; done', null],
  ['set -e; while true; do wget http://web || true; sleep 1; done', 'web:80 every 1005 ms after 1 steps'],
  ['while sleep 1; do echo still here; done', null],
  ['while true; do wget http://web; touch /tmp/alive; sleep 5; done', null],
  ['sleep 60; while true; do wget http://web; done', null],
  ['while true; do [[ -e /f ]] && wget http://web; sleep 1; done', null],
  ['while true; do case $A in a) wget http://web;; esac; sleep 1; done', null],
])('%s', check);
