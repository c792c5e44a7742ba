/**
 * The window's entry.
 * A placeholder until the window is written: it shows that the page, its style and its pipe work.
 */
import { openPipe } from '../link/open-pipe.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const pipe = openPipe();
target.textContent = `Orrery (${pipe.host})`;
