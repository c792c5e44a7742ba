/**
 * The gallery's entry: every part of the design system and every state of an object on one page, without a lab.
 * It is served while the program is developed (`npm run gallery`) and is no part of what is shipped.
 */
import { mount } from 'svelte';
import '../ui/theme.css';
import Gallery from './gallery.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
mount(Gallery, { target });
