// Where the tests find a Chromium; without one the tests that need it do not run, and say so.
import { existsSync } from 'node:fs';

const CHROMIUMS = [
  process.env['ORRERY_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export const NO_CHROMIUM = 'no Chromium: install one (Debian: apt-get install chromium) or set ORRERY_CHROMIUM to its path';

export function findChromium(): string | undefined {
  return CHROMIUMS.find((path) => path !== undefined && path !== '' && existsSync(path));
}
