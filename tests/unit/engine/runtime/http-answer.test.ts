import { expect, test } from 'vitest';
import { httpAnswer } from '../../../../src-main/engine/runtime/http-answer.ts';

const check = (request: string, expected: string | RegExp) => expect(httpAnswer('nginx:1.25', 'web-1', request)).toMatch(expected);

test('says which pod it was', () =>
  check('GET /a HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nnginx in pod web-1 answers GET \/a\n$/));
test('only the head for HEAD', () => check('HEAD / HTTP/1.0\r\n\r\n', /\r\n\r\n$/));
test('nothing to what is no request', () => check('PING\r\n', /^$/));
