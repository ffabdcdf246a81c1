import { describe, expect, it } from 'vitest';
import { idOfTenant, registrationIdOf } from './tenant-id.js';

describe('registrationIdOf', () => {
  it.each([
    [idOfTenant('kc', 'Red_1-x'), 'kc'],
    ['corp', 'corp'],
    ['caller:orders~api', 'caller:orders~api'],
    ['', ''],
  ])('of %j is %j', (id, registrationId) => {
    expect(registrationIdOf(id)).toBe(registrationId);
  });
});
