import { testSeeds } from './block-of-seeds.ts';

testSeeds(200, 300);
