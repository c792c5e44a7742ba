import { testSeeds } from './block-of-seeds.ts';

testSeeds(700, 800);
