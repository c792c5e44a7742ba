// The same page in every host that this machine has.
import { describe, test } from 'vitest';
import { chromiumPath, openLab, sharedBrowser } from '../support/browser-lab.ts';
import { openExecutable, openFakeElectron, openRealElectron, realElectron } from './hosts.ts';
import { journey } from './journey.ts';

describe('the same journey', () => {
  test('in the browser host', async () => {
    const lab = await openLab();
    await journey(lab.page, lab.troubles).finally(lab.close);
  });

  test('in the real shell on the fake electron module', async () => {
    const opened = await openFakeElectron(await sharedBrowser());
    await journey(opened.page).finally(opened.close);
  });

  test('in the real Electron', async ({ skip }) => {
    const electron = realElectron();
    if ('missing' in electron) {
      if (process.env['ORRERY_REQUIRE_ELECTRON']) throw new Error(electron.missing);
      console.warn(`SKIPPED: the journey in the real Electron (${electron.missing})`);
      return skip(electron.missing);
    }
    const opened = await openRealElectron();
    await journey(opened.page).finally(opened.close);
  });

  // The harness for the packaged app, tried out here on a Chromium app window over the browser host.
  test('in an executable driven through its debugging port', async () => {
    const lab = await openLab();
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const opened = await openExecutable(chromiumPath(), ['--headless=new', ...root, '--window-size=1280,800', `--app=${lab.url}`]);
    await journey(opened.page).finally(async () => {
      await opened.close();
      await lab.close();
    });
  });

  const packaged = process.env['ORRERY_PACKAGED'];
  test.runIf(packaged)('in the packaged app', async () => {
    const opened = await openExecutable(packaged ?? '', (process.env['ORRERY_PACKAGED_ARGS'] ?? '').split(' ').filter(Boolean));
    await journey(opened.page).finally(opened.close);
  });
});
