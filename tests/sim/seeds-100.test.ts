import { testSeeds } from './block-of-seeds.ts';

testSeeds(100, 200);
