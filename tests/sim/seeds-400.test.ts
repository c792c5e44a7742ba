import { testSeeds } from './block-of-seeds.ts';

testSeeds(400, 500);
