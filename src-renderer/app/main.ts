/**
 * The window's entry.
 * A placeholder until the window is written: it shows that the page, its style and its pipe work.
 */
import type { Pipe } from '../../src-main/contract/bridge.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
target.textContent = `Orrery (${(window as { lab?: Pipe }).lab?.host ?? 'browser'})`;
