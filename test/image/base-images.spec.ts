import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Each image that the Dockerfile begins from, where nobody chooses another one. */
const baseImages = [...readFileSync('Dockerfile', 'utf8').matchAll(/^ARG \w+_IMAGE=(?<image>\S+)$/gmu)];

it('each base image is named by its digest, so that a tag that is moved changes nothing', () => {
  expect(baseImages).toHaveLength(2);
  for (const { groups } of baseImages) expect(groups?.['image']).toMatch(/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
});
