// The kubectl door of a lab with a window: open from the start, seen and switched in a panel. A lab whose door cannot open says why and goes on.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { DoorRecord } from '../../contract/door.ts';
import type { HostRequests } from '../../contract/host-requests.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import type { RequestHandlers } from '../../session/lab-host.ts';
import { kubeconfigText, writeKubeconfig } from './kubeconfig.ts';
import { CONTEXT, mergeKubeconfig, ownKubeconfig } from './merge-kubeconfig.ts';
import { findTerminal, openTerminal } from './open-terminal.ts';
import { RequestJournal } from './request-journal.ts';
import { type ApiDoor, serveApi } from './serve-api.ts';

/** kubectl keeps what it learns by address: the same one each time, where it is free. */
const PORT = 16_443;

type DoorHandlers = {
  [Name in 'host.door' | 'host.doorSwitch' | 'host.doorMerge' | 'host.doorTerminal']: (
    params: HostRequests[Name][0],
  ) => HostRequests[Name][1] | Promise<HostRequests[Name][1]>;
};

/** Its cause says why. */
export class UnwritableKubeconfig extends Error {}

export class DesktopDoor {
  readonly #api: ApiAccess;
  readonly #kubeconfig: string;
  readonly #journal = new RequestJournal(() => Date.now());
  #door: ApiDoor | null = null;
  #opening: Promise<void> | null = null;
  #trouble = '';

  readonly #port: number | undefined;

  /** `kubeconfig`: where to write the file that lets kubectl in. With a `port`, that one and no other: `open` throws when it cannot be had. */
  constructor(api: ApiAccess, kubeconfig: string, port?: number) {
    this.#api = api;
    this.#kubeconfig = kubeconfig;
    this.#port = port;
    api.onReplace(() => this.#journal.forget());
  }

  /** What the window can ask. */
  get services(): RequestHandlers {
    const handlers: DoorHandlers = {
      'host.door': () => this.#record(),
      'host.doorSwitch': async ({ on }) => {
        await (on === true ? this.open() : this.close());
        return this.#record();
      },
      'host.doorMerge': () => {
        const file = ownKubeconfig();
        mergeKubeconfig(file, this.#open().access);
        return { file, context: CONTEXT };
      },
      'host.doorTerminal': async () => {
        this.#open();
        const terminal = findTerminal();
        if (terminal === undefined) throw new Error('no terminal program was found; copy the command into one of your own');
        await openTerminal(terminal, this.#kubeconfig);
        return {};
      },
    };
    return handlers;
  }

  /** '' while it is closed. */
  get address(): string {
    return this.#door?.access.server ?? '';
  }

  open(): Promise<void> {
    if (this.#door !== null) return Promise.resolve();
    this.#opening ??= this.#start().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    await this.#opening;
    const door = this.#door;
    this.#door = null;
    if (door === null) return;
    // Another lab may have written its own there since.
    if (existsSync(this.#kubeconfig) && readFileSync(this.#kubeconfig, 'utf8') === kubeconfigText(door.access)) rmSync(this.#kubeconfig);
    await door.close();
  }

  async #start(): Promise<void> {
    const options = { seen: (request: Parameters<RequestJournal['note']>[0]) => this.#journal.note(request) };
    try {
      const door = await serveApi(this.#api, { ...options, port: this.#port ?? PORT }).catch((error: NodeJS.ErrnoException) => {
        if (this.#port !== undefined || (error.code !== 'EADDRINUSE' && error.code !== 'EACCES')) throw error;
        return serveApi(this.#api, options);
      });
      await this.#letIn(door);
      this.#door = door;
      this.#trouble = '';
    } catch (error) {
      if (this.#port !== undefined) throw error;
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
  }

  async #letIn(door: ApiDoor): Promise<void> {
    try {
      writeKubeconfig(this.#kubeconfig, door.access);
    } catch (error) {
      await door.close();
      const why = error instanceof Error ? error.message : String(error);
      throw new UnwritableKubeconfig(`cannot write "${this.#kubeconfig}": ${why}`, { cause: error });
    }
  }

  #open(): ApiDoor {
    if (this.#door === null) throw new Error('the kubectl door is closed');
    return this.#door;
  }

  #record(): DoorRecord {
    const path = this.#kubeconfig;
    const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
    return {
      on: this.#door !== null,
      trouble: this.#trouble,
      address: this.address,
      kubeconfig: path,
      command: process.platform === 'win32' ? `set KUBECONFIG=${path}` : `export KUBECONFIG=${quoted}`,
      canOpenTerminal: findTerminal() !== undefined,
      runs: this.#journal.runs(),
    };
  }
}
