// What a service of an image answers to an HTTP request: enough to see that it is there, and which of several it was.
import { parseImage } from './image-catalogue.ts';

/** The whole response; '' for bytes that are no HTTP request, which the service does not understand. `fails`: it is there, and not well. */
export function httpAnswer(image: string, pod: string, request: string, fails = false): string {
  const line = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) HTTP\/1\.[01]\r?\n/.exec(request);
  if (line === null) return '';
  const { repository } = parseImage(image);
  const server = repository.slice(repository.lastIndexOf('/') + 1);
  const body = `${server} in pod ${pod} answers ${line[1]} ${line[2]}\n`;
  const status = fails ? '500 Internal Server Error' : '200 OK';
  const head = [
    `HTTP/1.1 ${status}`,
    `Server: ${server}`,
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${line[1] === 'HEAD' ? '' : body}`;
}

/** The first line of an answer, and the code in it. */
export function statusLineOf(head: string): { readonly line: string; readonly code: number } {
  const line = head.split('\r\n')[0] ?? '';
  return { line, code: Number(line.split(' ')[1] ?? '0') };
}
