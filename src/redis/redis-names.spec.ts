import { describe, expect, it } from 'vitest';
import { RedisNames } from './redis-names.js';

describe('RedisNames', () => {
  const names = new RedisNames('https://assay.example');
  const staging = new RedisNames('https://staging.example');

  it('names nothing of one environment as anything of another', () => {
    expect(names.of('rate', 'a')).not.toBe(staging.of('rate', 'a'));
    expect(names.in('s', 'rec')).not.toBe(staging.in('s', 'rec'));
  });

  it('names the same thing the same in every process', () => {
    expect(new RedisNames('https://assay.example').of('rate', 'a')).toBe(names.of('rate', 'a'));
  });

  it('begins every name with the word that access control lists allow', () => {
    for (const name of [names.of('beats'), names.in('log', 'entries')]) expect(name).toMatch(/^assay:/);
  });

  it('keeps a group in one slot of a cluster', () => {
    const [, one] = /\{(.*)\}/.exec(names.in('log', 'entries')) ?? [];
    const [, other] = /\{(.*)\}/.exec(names.in('log', 'last')) ?? [];

    expect(one).toBe(other);
    expect(one).not.toBe('');
  });
});
