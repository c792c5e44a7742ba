// Derives assets/time-zones/zones.json, the offsets of all time zones from 2010 on, from the tz database's compact form.
// The engine needs it because it may not ask the machine it runs on. Run: node tests/support/generate-time-zones.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = '/usr/share/zoneinfo/tzdata.zi';
const SINCE = Date.UTC(2010, 0, 1) / 1000;

/** `footer` or `footer;offset;time:offset...`: the rule for good, the offset in 2010 and the changes before the rule holds, in seconds. */
function describe(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = (at) => [20, 24, 28, 32, 36, 40].map((offset) => view.getUint32(at + offset));
  const [isUt, isStandard, leaps, times, types, letters] = counts(0);
  const second = 44 + times * 5 + types * 6 + letters + leaps * 8 + isStandard + isUt;
  const [isUt2, isStandard2, leaps2, times2, types2, letters2] = counts(second);
  const start = second + 44;
  const typesAt = start + times2 * 9;
  const offsetOf = (type) => view.getInt32(typesAt + type * 6);
  const end = typesAt + types2 * 6 + letters2 + leaps2 * 12 + isStandard2 + isUt2;
  const footer = Buffer.from(bytes.subarray(end)).toString('latin1').trim();
  let before = offsetOf(0);
  const changes = [];
  for (let index = 0; index < times2; index += 1) {
    const time = Number(view.getBigInt64(start + index * 8));
    const offset = offsetOf(view.getUint8(start + times2 * 8 + index));
    if (time < SINCE) before = offset;
    else changes.push(`${time}:${offset}`);
  }
  return changes.length === 0 ? footer : [footer, before, ...changes].join(';');
}

const folder = mkdtempSync(join(tmpdir(), 'zones-'));
try {
  execFileSync('/usr/sbin/zic', ['-b', 'slim', '-d', folder, SOURCE]);
  const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  const zones = {};
  for (const name of names.sort()) {
    const text = describe(readFileSync(join(folder, name)));
    zones[text] = [...(zones[text] ?? []), name];
  }
  const version = readFileSync(SOURCE, 'utf8').split('\n', 1)[0].replace('# version ', '');
  const lines = Object.keys(zones)
    .sort()
    .map((text) => `    ${JSON.stringify(text)}: ${JSON.stringify(zones[text])}`);
  const head = `"origin": "tz database ${version} (public domain), offsets from 2010 on"`;
  const target = fileURLToPath(new URL('../../assets/time-zones/zones.json', import.meta.url));
  writeFileSync(target, `{\n  ${head},\n  "zones": {\n${lines.join(',\n')}\n  }\n}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
