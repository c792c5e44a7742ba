/**
 * The sandboxed preload: puts the text pipe on the page as `window.lab`.
 * Built to one CommonJS file (a sandboxed preload cannot require a second one); only text crosses, so nothing can leak or lose its prototype.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { CHANNEL, type Pipe } from '../../contract/bridge.ts';
import { OPEN_CHANNEL } from '../../contract/host-requests.ts';

const pipe: Pipe = {
  host: 'electron',
  send: (text) => ipcRenderer.send(CHANNEL, String(text)),
  onMessage: (listener) => {
    ipcRenderer.on(CHANNEL, (_event, text: unknown) => listener(String(text)));
  },
};
ipcRenderer.send(OPEN_CHANNEL);
contextBridge.exposeInMainWorld('lab', pipe);
