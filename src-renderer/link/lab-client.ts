/**
 * The one client of the contract: typed requests, and the frames and menu choices that the lab pushes.
 * It knows a text pipe only, so the window cannot tell whether Electron or a loopback server is at the other end.
 */
import type { Params, Pipe, RequestName, Result, ToWindow } from '../../src-main/contract/bridge.ts';
import type { HostRequests } from '../../src-main/contract/host-requests.ts';
import type { Frame } from '../../src-main/contract/view.ts';

export type MenuChoice = Extract<ToWindow, { menu: string }>['menu'];

/** What may happen on the pipe without being asked for. */
export interface LabListener {
  frame(frame: Frame): void;
  menu(choice: MenuChoice): void;
  /** `ended`: the lab said goodbye; else the connection broke. */
  closed(ended: boolean): void;
}

export interface LabClient {
  readonly host: Pipe['host'];
  request<K extends RequestName>(method: K, params: Params<K>): Promise<Result<K>>;
  requestHost<K extends keyof HostRequests>(method: K, params: HostRequests[K][0]): Promise<HostRequests[K][1]>;
  /** One listener at a time; frames that came before it are kept for it. */
  listen(listener: LabListener): void;
}

/** A pipe that may also break, as a socket does. */
export interface BreakablePipe extends Pipe {
  onClose?(listener: (ended: boolean) => void): void;
}

export function createLabClient(pipe: BreakablePipe): LabClient {
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const early: ToWindow[] = [];
  let listener: LabListener | undefined;
  let serial = 0;

  const settle = (message: Extract<ToWindow, { id: number }>): void => {
    const waiter = pending.get(message.id);
    pending.delete(message.id);
    if (message.ok) waiter?.resolve(message.result);
    else waiter?.reject(new Error(message.error));
  };
  const take = (message: ToWindow): void => {
    if ('id' in message) settle(message);
    else if (!listener) early.push(message);
    else if ('frame' in message) listener.frame(message.frame);
    else listener.menu(message.menu);
  };
  const ask = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      serial += 1;
      pending.set(serial, { resolve, reject });
      pipe.send(JSON.stringify({ id: serial, method, params }));
    });

  pipe.onMessage((text) => take(JSON.parse(text) as ToWindow));
  pipe.onClose?.((ended) => {
    for (const waiter of pending.values()) waiter.reject(new Error('the connection to the lab was lost'));
    pending.clear();
    listener?.closed(ended);
  });
  return {
    host: pipe.host,
    request: (method, params) => ask(method, params) as never,
    requestHost: (method, params) => ask(method, params) as never,
    listen: (next) => {
      listener = next;
      for (const message of early.splice(0)) take(message);
    },
  };
}
