import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { renderTranscript } from './transcript.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

// Run with `-u` to write the outputs anew; then read every line of the difference.
for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
  const text = readFileSync(`${folder}${name}`, 'utf8');
  let told = '';
  const tell = (): string => {
    told ||= renderTranscript(text);
    return told;
  };
  test(name, async () => {
    await expect(tell()).toMatchFileSnapshot(`./${name}`);
  });
  test(`${name}, saved and opened again whenever time passes`, () => {
    expect(renderTranscript(text, true)).toBe(tell());
  });
}
