import { testSeeds } from './block-of-seeds.ts';

testSeeds(0, 100);
