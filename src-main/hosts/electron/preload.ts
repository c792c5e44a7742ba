/**
 * The sandboxed preload: puts the text pipe on the page as `window.lab`.
 * Built to one CommonJS file (a sandboxed preload cannot require a second one); only text crosses, so nothing can leak or lose its prototype.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { CHANNEL, type Pipe } from '../../contract/bridge.ts';
import { OPEN_CHANNEL } from '../../contract/host-requests.ts';

let opened = false;
/** What comes before the main process has opened our session was meant for the page that was here before. */
let joined = false;
ipcRenderer.on(OPEN_CHANNEL, () => {
  joined = true;
});

/** At the page's first use and not before: the main process checks the sender's address, which is settled by then. */
function open(): void {
  if (opened) return;
  opened = true;
  ipcRenderer.send(OPEN_CHANNEL);
}

const pipe: Pipe = {
  host: 'electron',
  send: (text) => {
    open();
    ipcRenderer.send(CHANNEL, String(text));
  },
  onMessage: (listener) => {
    ipcRenderer.on(CHANNEL, (_event, text: unknown) => {
      if (joined) listener(String(text));
    });
    open();
  },
};
contextBridge.exposeInMainWorld('lab', pipe);
