/**
 * The command line's entry.
 * A placeholder until the commands are written: it knows `serve` alone.
 */
import { createLab } from '../../session/create-lab.ts';
import { serveCommand } from './serve-command.ts';

const [command] = process.argv.slice(2);
if (command === 'serve') void serveCommand(createLab(), 0);
else console.log('orrery: a Kubernetes 1.33 cluster, simulated. Commands: serve.');
