import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminService } from './support/admin-world.js';
import { ExplainWorld } from './support/explain-world.js';
import { askToExplain, explain, stepOf } from './support/explanations.js';

let world: ExplainWorld;
let service: AdminService;

beforeAll(async () => {
  world = await ExplainWorld.start();
  ({ service } = world);
});

afterAll(async () => {
  await world.stop();
});

describe('explain says by which scope a token has another one', () => {
  const scopesOf = async (scope: string, caller: string, needed?: string): Promise<unknown> => {
    const more = needed === undefined ? {} : { scope: needed };
    return stepOf(await explain(service, await world.signed({ scope }), caller, more), 'rights')['scopes'];
  };

  it('KIT-04 of those that a proxy needs each one, whether it has it, and what implied it', async () => {
    expect(await scopesOf('profile files:write', 'edge', 'files:read profile admin')).toEqual([
      { scope: 'files:read', holds: true, impliedBy: 'files:write' },
      { scope: 'profile', holds: true },
      { scope: 'admin', holds: false },
    ]);
  });

  it('KIT-04 where nothing is needed, those that are implied; and nothing of a caller without a hierarchy', async () => {
    expect(await scopesOf('profile files:write', 'edge')).toEqual([
      { scope: 'files:read', holds: true, impliedBy: 'files:write' },
      { scope: 'files:list', holds: true, impliedBy: 'files:write' },
    ]);
    expect(await scopesOf('profile files:read', 'edge')).toBeUndefined();
    expect(await scopesOf('files:write', 'orders-api')).toBeUndefined();
  });

  it.each(['', ' ', 'a  b', 'a"b', 7])('refuses %j, which is no list of scopes', async (scope) => {
    const { status, text } = await askToExplain(service, 'x', 'edge', { scope: scope as string });
    expect([status, text]).toEqual([400, expect.stringContaining('scopes with single spaces')]);
  });
});
