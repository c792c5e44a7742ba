import { expect, test } from 'vitest';
import type { ShellMemory } from '../../../../src-main/engine/api/rest/container-access.ts';
import type { RestAnswer } from '../../../../src-main/engine/api/rest/rest-request.ts';
import { TerminalSession } from '../../../../src-main/hosts/http/terminal-session.ts';

function check(keys: string, screen: string, ended: number | null): void {
  let shown = '';
  let status: number | null = null;
  const answer = (body: object, code = 200): RestAnswer => ({ code, contentType: '', body, warnings: [] });
  const run = (line: string, memory: ShellMemory): RestAnswer => {
    if (line === 'gone') return answer({ message: 'no container' }, 500);
    const status = line === 'false' ? 1 : 0;
    const directory = /^cd (.*)/.exec(line)?.[1] ?? memory.directory;
    return answer({
      ...{ status, output: `<${line}>\n`, complaints: '' },
      memory: { variables: {}, status, ...(directory === undefined ? {} : { directory }) },
    });
  };
  const session = new TerminalSession(
    { variables: {}, status: 0 },
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
test('a shell remembers where it is', () => check('cd /tmp\rls\r', '/ # cd /tmp\n<cd /tmp>\n/tmp # ls\n<ls>\n/tmp # ', null));
test('a container that is gone', () => check('gone\r', '/ # gone\nsh: no container\n/ # ', null));
