import { expect, test } from 'vitest';
import type { RestAnswer } from '../../../../src-main/engine/api/rest/rest-request.ts';
import { TerminalSession } from '../../../../src-main/hosts/http/terminal-session.ts';

function check(keys: string, screen: string, ended: number | null): void {
  let shown = '';
  let status: number | null = null;
  const answer = (body: object, code = 200): RestAnswer => ({ code, contentType: '', body, warnings: [] });
  const run = (line: string): RestAnswer =>
    line === 'gone'
      ? answer({ message: 'no container' }, 500)
      : answer({ status: line === 'false' ? 1 : 0, output: `<${line}>\n`, complaints: '' });
  const session = new TerminalSession(
    run,
    (text) => (shown += text),
    (end) => (status = end),
  );
  session.type(keys);
  expect([shown, status]).toEqual([screen, ended]);
}

test('a line is shown while it is typed, and what it does after it', () => check('ls\r', '/ # ls\n<ls>\n/ # ', null));
test('an empty line', () => check('\r', '/ # \n/ # ', null));
test('a mistake taken back', () => check('lx\u007fs\r', '/ # lx\b \bs\n<ls>\n/ # ', null));
test('nothing to take back', () => check('\u007f', '/ # ', null));
test('a line given up', () => check('ls\u0003', '/ # ls^C\n/ # ', null));
test('leaving with the last status', () => check('false\r\u0004', '/ # false\n<false>\n/ # ', 1));
test('leaving with a status', () => check('exit 7\r', '/ # exit 7\n', 7));
test('keys after the end are nobody’s', () => check('exit\rls\r', '/ # exit\n', 0));
test('a container that is gone', () => check('gone\r', '/ # gone\nsh: no container\n/ # ', null));
