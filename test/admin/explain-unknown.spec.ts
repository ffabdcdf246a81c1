import { afterEach, expect, it } from 'vitest';
import { freePort } from '../fakes/free-port.js';
import { testRecordKey } from '../redis/a-redis-key-store.js';
import { adminSection, AdminService, FakeIssuer, quickIssuer } from './support/admin-world.js';
import { explain } from './support/explanations.js';

let service: AdminService | undefined;
let issuer: FakeIssuer | undefined;

afterEach(async () => {
  await service?.stop();
  await issuer?.stop();
});

it('explain says that no verdict is given while it is not known what is denied', async () => {
  issuer = await FakeIssuer.start();
  service = await AdminService.start([quickIssuer(issuer)], {
    admin: adminSection,
    redis: { url: `redis://127.0.0.1:${await freePort()}`, recordKeys: [testRecordKey] },
    revocation: { onUnknown: 'refuse' },
  });
  expect(await explain(service, await issuer.sign())).toMatchObject({
    verdict: 'unknown',
    unavailable: { cause: expect.stringContaining('503') as string, retryAfterSeconds: expect.any(Number) as number },
  });
});
