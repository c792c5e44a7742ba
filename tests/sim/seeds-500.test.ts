import { testSeeds } from './block-of-seeds.ts';

testSeeds(500, 600);
