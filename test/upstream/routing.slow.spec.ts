import { afterAll, beforeAll, it } from 'vitest';
import { ThreeIssuers } from './support/three-issuers.js';

let three: ThreeIssuers;

beforeAll(async () => {
  three = await ThreeIssuers.open();
});

afterAll(() => three.close());

it('OPQ-01 of ten thousand tokens of each kind, each issuer gets its own and nothing else', { timeout: 300_000 }, () =>
  three.expectEachItsOwn(10_000),
);
