import { testSeeds } from './block-of-seeds.ts';

testSeeds(300, 400);
