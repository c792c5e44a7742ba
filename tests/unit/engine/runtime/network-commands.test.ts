// What wget, curl, nc and nslookup say inside containers, by what becomes of their connection.
import { describe, expect, test } from 'vitest';
import { type Certificate, networkCommands, type Sent } from '../../../../src-main/engine/runtime/network-commands.ts';

const ADDRESS = '10.96.0.7';
const hosts: Readonly<Record<string, Sent>> = {
  web: { kind: 'answered', address: ADDRESS, text: 'HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\nhello\n' },
  lost: { kind: 'answered', address: ADDRESS, text: 'HTTP/1.1 404 Not Found\r\n\r\n' },
  shut: { kind: 'refused', address: ADDRESS },
  wall: { kind: 'silent', address: ADDRESS },
};

const untrusted = (why: string) =>
  `curl: (60) ${why}\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the webpage mentioned above.`;

function check(line: string, expected: string): void {
  const [program = '', ...rest] = line.split(' ');
  const said: string[] = [];
  const network = {
    nameServer: '10.96.0.10',
    has: () => true,
    resolve: (host: string) => (Object.hasOwn(hosts, host) ? [ADDRESS] : []),
    send: (host: string, _port: number, text: string, trusts?: (shown: Certificate) => boolean): Sent => {
      if (host === 'headers') return { kind: 'answered', address: ADDRESS, text: `HTTP/1.1 200 OK\r\n\r\n${text.replaceAll('\r\n', '|')}` };
      if (host !== 'safe' && host !== 'alias') return hosts[host] ?? { kind: 'unknown' };
      if (trusts === undefined) return { kind: 'answered', address: ADDRESS, text: 'HTTP/1.0 400 Bad Request\r\n\r\nspeak TLS\n' };
      const certificate = { authority: 'ours', names: ['safe'] };
      return trusts(certificate)
        ? { kind: 'answered', address: ADDRESS, text: 'HTTP/1.1 200 OK\r\n\r\nsecret\n' }
        : { kind: 'untrusted', address: ADDRESS, certificate };
    },
  };
  const result = networkCommands[program]?.(rest, {
    network,
    read: (path) => ({ '/ca.crt': 'ours\n', '/other.crt': 'theirs\n' })[path] ?? null,
    print: (text) => void said.push(text),
    complain: (text) => void said.push(text),
    write: (path, content) => (said.push(`[${path}: ${content.trim()}]`) > 0 ? '' : 'Read-only file system'),
  });
  expect(`${said.join('').trim()} -> ${result?.status}${result?.tookMs === 0 ? '' : ` after ${result?.tookMs} ms`}`).toBe(expected);
}

describe('a command over the network', () => {
  test.each<[string, string]>([
    ['wget -qO- http://web', 'hello -> 0'],
    ['wget -q -O /tmp/x web:80/page', '[/tmp/x: hello] -> 0'],
    ['wget -q http://web/a/page.html', '[page.html: hello] -> 0'],
    ['wget --spider -q -T 2 http://web', ' -> 0'],
    ['wget -qO- http://nowhere:8080/', "wget: bad address 'nowhere:8080' -> 1"],
    ['wget -qO- http://shut', `wget: can't connect to remote host (${ADDRESS}): Connection refused -> 1`],
    ['wget -qO- -T 3 http://wall', 'wget: download timed out -> 1 after 3000 ms'],
    ['wget -qO- http://wall', `wget: can't connect to remote host (${ADDRESS}): Connection timed out -> 1 after 127000 ms`],
    ['wget -qO- http://lost', 'wget: server returned error: HTTP/1.1 404 Not Found -> 1'],
    ['curl -s http://web', 'hello -> 0'],
    ['curl -s -o /dev/null -w %{http_code} http://web/x', '200 -> 0'],
    ['curl -sI web', 'HTTP/1.1 200 OK\r\nServer: nginx -> 0'],
    ['curl -sS http://nowhere', 'curl: (6) Could not resolve host: nowhere -> 6'],
    ['curl -s http://nowhere', ' -> 6'],
    ['curl -sS http://shut:81', 'curl: (7) Failed to connect to shut port 81 after 1 ms: Could not connect to server -> 7'],
    ['curl -sS --max-time 2 http://wall', 'curl: (28) Connection timed out after 2000 milliseconds -> 28 after 2000 ms'],
    ['curl -sSf http://lost', 'curl: (22) The requested URL returned error: 404 -> 22'],
    ['curl -sk https://safe', 'secret -> 0'],
    ['curl -s --cacert /ca.crt https://safe', 'secret -> 0'],
    ['curl -s https://safe', ' -> 60'],
    ['curl -sS https://safe', `${untrusted('SSL certificate problem: unable to get local issuer certificate')} -> 60`],
    ['curl -sS --cacert /other.crt https://safe', `${untrusted('SSL certificate problem: unable to get local issuer certificate')} -> 60`],
    [
      'curl -sS --cacert /ca.crt https://alias',
      `${untrusted("SSL: no alternative certificate subject name matches target host name 'alias'")} -> 60`,
    ],
    ['curl -sS --cacert /none.crt https://safe', 'curl: (77) error setting certificate file: /none.crt -> 77'],
    ['curl -s http://safe', 'speak TLS -> 0'],
    ['wget -qO- --no-check-certificate https://safe', 'secret -> 0'],
    ['wget -qO- https://safe', 'wget: note: TLS certificate validation not implemented\nsecret -> 0'],
    [
      'curl -s -H A:1 -H User-Agent:me --header=B:2 headers/x',
      'GET /x HTTP/1.1|Host: headers|Accept: */*|A:1|User-Agent:me|B:2|Connection: close|| -> 0',
    ],
    ['wget -qO- --header A:1 headers', 'GET / HTTP/1.1|Host: headers|User-Agent: Wget|A:1|Connection: close|| -> 0'],
    ['nc -zv web 80', `web (${ADDRESS}:80) open -> 0`],
    ['nc -z shut 80', `nc: shut (${ADDRESS}:80): Connection refused -> 1`],
    ['nc -z -w 1 wall 80', `nc: wall (${ADDRESS}:80): Connection timed out -> 1 after 1000 ms`],
    ['nslookup web', `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb\nAddress: ${ADDRESS} -> 0`],
    ['nslookup nowhere', "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find nowhere: NXDOMAIN -> 1"],
  ])('%s', check);
});
