// One test for a block of seeds, run as the campaign runs them: a bundle in a process of its own takes half the time of modules that a test runner transforms.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('campaign.mjs', import.meta.url));
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

export function testSeeds(from: number, to: number): void {
  test(`worlds ${from} to ${to - 1} are safe at every step and come to rest`, async () => {
    // Worlds make much that is soon forgotten: a larger nursery spares the collector.
    const words = ['--max-semi-space-size=64', script, '--brief', String(from), String(to)];
    // A failure is told by its words; that the campaign then ends with another status says no more.
    const told = await promisify(execFile)(process.execPath, words, { maxBuffer: OUTPUT_BYTES_MAX }).catch(
      (failed: { readonly stdout: string; readonly stderr: string }) => failed,
    );
    expect(`${told.stdout}${told.stderr}`.trim().split('\n')).toEqual([`${to - from} seeds, 0 failed in 0 ways`]);
  });
}
