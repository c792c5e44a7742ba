/**
 * The window's entry: finds the pipe, makes the lab out of it and mounts the shell.
 * Nothing here depends on the host.
 */
import { mount } from 'svelte';
import { createLabClient } from '../link/lab-client.ts';
import { openPipe } from '../link/open-pipe.ts';
import { Lab } from '../stores/lab.svelte.ts';
import '../ui/theme.css';
import App from './app.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
mount(App, { target, props: { lab: new Lab(createLabClient(openPipe())) } });
