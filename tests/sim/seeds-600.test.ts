import { testSeeds } from './block-of-seeds.ts';

testSeeds(600, 700);
