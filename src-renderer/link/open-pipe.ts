/**
 * Finds the pipe to the lab: the one that Electron's preload put on the page, else a WebSocket to the server of the page.
 * The token comes in the address's fragment, which no log and no Referer holds, and is kept for a reload of this tab only.
 */
import { LAB_ENDED, type Pipe } from '../../src-main/contract/bridge.ts';
import type { BreakablePipe } from './lab-client.ts';

declare global {
  interface Window {
    readonly lab?: Pipe;
  }
}

export function openPipe(): BreakablePipe {
  return window.lab ?? socketPipe();
}

function socketPipe(): BreakablePipe {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? sessionStorage.getItem('token') ?? '';
  sessionStorage.setItem('token', token);
  history.replaceState(null, '', location.pathname);
  const socket = new WebSocket(`ws://${location.host}/lab`, [`token.${token}`]);
  const waiting: string[] = [];
  socket.addEventListener('open', () => {
    for (const text of waiting.splice(0)) socket.send(text);
  });
  return {
    host: 'browser',
    send: (text) => {
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(text);
      else socket.send(text);
    },
    onMessage: (listener) => socket.addEventListener('message', (event) => listener(String(event.data))),
    onClose: (listener) => socket.addEventListener('close', ({ code }) => listener(code === LAB_ENDED)),
  };
}
