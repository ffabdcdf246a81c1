import { describe, expect, it } from 'vitest';
import { Place, pathTo, stepsOf, type ConfigurationProblem } from './place.js';

describe('a place', () => {
  const problems: ConfigurationProblem[] = [];
  const warnings: ConfigurationProblem[] = [];
  const file = (path?: string): Place => {
    problems.length = warnings.length = 0;
    const report = (problem: ConfigurationProblem): void => void problems.push(problem);
    return new Place({ report, warn: (problem) => void warnings.push(problem) }, path);
  };

  it('knows its path', () => {
    const keys = file().at('issuers').at(3).at('keys');
    expect([keys.path, keys.at('odd key').path, file('callers').at(0).path]).toEqual([
      'issuers[3].keys',
      'issuers[3].keys["odd key"]',
      'callers[0]',
    ]);
  });

  it('takes what is wrong with it, and with what is below it', () => {
    const issuer = file().at('issuers').at(0);
    issuer.at('id').refuse('a number', 'a text');
    issuer.warn('an old key', 'a new one');
    expect(problems).toEqual([{ path: 'issuers[0].id', found: 'a number', expected: 'a text' }]);
    expect(warnings).toEqual([{ path: 'issuers[0]', found: 'an old key', expected: 'a new one' }]);
  });

  it('is sound until something is refused at it or below it; a warning is no refusal, and its neighbours stay sound', () => {
    const whole = file();
    const [one, other] = [whole.at('issuers').at(0), whole.at('issuers').at(1)];
    one.warn('something', 'something else');
    expect([whole.isSound, one.isSound]).toEqual([true, true]);
    one.at('keys').at('jwks').refuse('nothing', 'a key');
    expect([whole.isSound, one.isSound, other.isSound]).toEqual([false, false, true]);
  });

  it('is sound again for another attempt', () => {
    const place = file('server');
    place.refuse('a text', 'a mapping');
    expect([place.again().path, place.again().isSound, place.isSound]).toEqual(['server', true, false]);
  });

  it('has one path for a member and for the only key of it that is written', () => {
    const member = file('callers[0].secrets').at(1);
    const mapping = member.asShortFormOf('value');
    mapping.at('value').refuse('a number', 'a text');
    expect([mapping.path, mapping.at('value').path, mapping.at('expires').path]).toEqual([
      'callers[0].secrets[1]',
      'callers[0].secrets[1]',
      'callers[0].secrets[1].expires',
    ]);
    expect(problems).toEqual([{ path: 'callers[0].secrets[1]', found: 'a number', expected: 'a text' }]);
    expect(member.isSound).toBe(false);
  });
});

describe('paths', () => {
  it.each([
    ['', 'server', 'server'],
    ['issuers[0]', 'keys', 'issuers[0].keys'],
    ['server', 'odd key', 'server["odd key"]'],
    ['', 'a.b', '["a.b"]'],
    ['a', '', 'a[""]'],
    ['a', '0', 'a["0"]'],
  ])('%j and %j are %j', (parent, key, path) => {
    expect(pathTo(parent, key)).toBe(path);
  });

  it.each(['plain', 'odd key', 'a.b', '', 'with "quotes"', 'back\\slash', '[0]', '0'])('%j is found again', (key) => {
    expect(stepsOf(`${pathTo('issuers[3]', key)}[1]`)).toEqual(['issuers', 3, key, 1]);
  });
});
