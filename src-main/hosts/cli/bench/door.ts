// How fast the kubectl door answers, over TLS to a client in a process of its own, while the lab runs 1,000 pods.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { apiAccess } from '../../../session/api-access.ts';
import { Lab } from '../../../session/lab.ts';
import { serveApi } from '../../http/serve-api.ts';
import { CLIENT, type ClientOrder } from './door-client.ts';
import { readyCluster } from './ready-cluster.ts';

export const DOOR_ABOUT =
  'http.getPodPerSecond, http.patchPerSecond: requests a second over 8 connections, after two seconds of them; http.list5000Ms: ms for a list of 5,000 pods as a table; http.fanOutMs: ms until 100 watchers have seen 1,000 changes; all but the list with 1,000 pods running';

export async function door(): Promise<Readonly<Record<string, number>>> {
  return { ...(await measured(1_000, 20, 'requests')), ...(await measured(5_000, 100, 'list')) };
}

async function measured(pods: number, nodes: number, what: ClientOrder['what']): Promise<Readonly<Record<string, number>>> {
  const { cluster } = readyCluster(pods, nodes);
  const lab = new Lab({ restored: cluster, speed: 1, playing: true });
  // Here the door itself is what is measured, not how many requests it takes.
  const opened = await serveApi(apiAccess(lab), { requestsPerSecond: Number.POSITIVE_INFINITY });
  const [pod] = cluster.store.table('Pod').keys();
  const { server, authority, token } = opened.access;
  const order: ClientOrder = { what, server, authority, token, pod: pod ?? '' };
  const client = spawn(process.execPath, [process.argv[1] as string, 'bench'], {
    env: { ...process.env, [CLIENT]: JSON.stringify(order) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  client.stdout.on('data', (part: Buffer) => {
    text += part.toString();
  });
  const [status] = (await once(client, 'close')) as [number | null];
  await opened.close();
  lab.close();
  if (status !== 0) throw new Error(`the client of the door ended with ${status}`);
  return JSON.parse(text) as Record<string, number>;
}
