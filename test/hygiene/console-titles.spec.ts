import { expect, it } from 'vitest';
import { hygieneTitles } from '../../console/src/hygiene-titles.js';
import { findingKinds } from '../../src/hygiene/findings.js';

it('the console has a title for each kind of finding, in their order: one without a title would not be shown', () => {
  expect(Object.keys(hygieneTitles)).toEqual(findingKinds);
});
