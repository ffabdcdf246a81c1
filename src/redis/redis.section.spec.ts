import { describe, expect, it } from 'vitest';
import { FileText } from '../shared/configuration/field.js';
import type { RedisSection } from './redis.config.js';
import { redisSection } from './redis.section.js';

const file = (path: string, text: string) => new FileText(path, text);
const section = (differences: Partial<RedisSection> = {}) =>
  ({
    url: 'rediss://redis',
    tls: false,
    recordKeys: [],
    passwordFile: file('/p', 'one'),
    ...differences,
  }) as RedisSection;

describe('redisSection', () => {
  it.each([
    ['a password file has other content', section({ passwordFile: file('/p', 'two') }), []],
    ['another password file is named', section({ passwordFile: file('/q', 'one') }), ['redis']],
    ['a setting differs', section({ region: 'eu' }), ['redis']],
    ['there is none any more', undefined, ['redis']],
  ])('says whether a start is needed where %s', (_what, after, expected) => {
    expect(redisSection.needsRestart(section(), after)).toEqual(expected);
  });
});
