/**
 * `orrery serve`: the browser host without a browser.
 * It prints one JSON line with its address when it is ready, so that a script can wait for it.
 */
import type { LabHost } from '../../session/lab-host.ts';
import { serve } from '../browser/serve.ts';

/** Resolves when the host has ended, by SIGINT or SIGTERM. */
export async function serveCommand(lab: LabHost, port: number): Promise<void> {
  const host = await serve(lab, { port });
  console.log(JSON.stringify({ url: host.url, origin: host.origin, token: host.token, pid: process.pid }));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await host.close();
  lab.close();
}
