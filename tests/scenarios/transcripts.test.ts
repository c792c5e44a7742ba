import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { renderTranscript } from './transcript.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

// Run with `-u` to write the outputs anew; then read every line of the difference.
for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt')))
  test(name, async () => {
    await expect(renderTranscript(readFileSync(`${folder}${name}`, 'utf8'))).toMatchFileSnapshot(`./${name}`);
  });
