import { afterEach, describe, expect, it } from 'vitest';
import type { KeyResolver } from '../../../src/keys/key-resolver.js';
import type { VerificationKey } from '../../../src/tokens/verification-key.js';
import { GrpcClient } from './support/client.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';

/** A fetch from the issuer that everybody shares, and that ends when the test says so. */
class SharedFetch {
  begun = 0;
  finished = 0;
  private finish: () => void = () => undefined;
  private readonly shared: Promise<void>;

  constructor() {
    this.shared = new Promise((resolve) => (this.finish = resolve));
  }

  /** Looks for the keys that `held` knows. */
  over(held: KeyResolver): KeyResolver {
    return {
      known: () => undefined,
      holds: () => false,
      find: async (issuer, header): Promise<readonly VerificationKey[]> => {
        this.begun++;
        await this.shared;
        this.finished++;
        return held.known(issuer, header) ?? [];
      },
    };
  }

  end(): void {
    this.finish();
  }
}

describe('RGRPC-02 waiting', () => {
  let endpoint: GrpcEndpoint;
  let client: GrpcClient;
  let shared: SharedFetch;

  async function open(): Promise<string> {
    shared = new SharedFetch();
    endpoint = await GrpcEndpoint.open({ keys: (held) => shared.over(held) });
    client = new GrpcClient(endpoint.port);
    return endpoint.reception.context.good.build();
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await client.check();
  }

  afterEach(async () => {
    shared.end();
    client.close();
    await endpoint.close();
  });

  it('RGRPC-02 a deadline that passes: DEADLINE_EXCEEDED to this caller, and the shared fetch goes on for others', async () => {
    const token = await open();
    const patient = client.introspect(token);
    const hasty = await client.introspect(token, { options: { deadline: new Date(Date.now() + 50) } });
    expect(hasty.status).toBe('DEADLINE_EXCEEDED');
    shared.end();
    expect((await patient).answer?.active).toBe(true);
    expect(shared.finished).toBe(shared.begun);
  });

  it('RGRPC-02 a call that is cancelled stops waiting, and the shared fetch goes on for others', async () => {
    const token = await open();
    const cancelled = client.begin(token);
    const patient = client.introspect(token);
    await until(() => shared.begun === 2);
    cancelled.cancel();
    expect((await cancelled.outcome).status).toBe('CANCELLED');
    shared.end();
    expect((await patient).answer?.active).toBe(true);
    expect(shared.finished).toBe(2);
  });

  it('RGRPC-02 a call that is over before its caller is known is not begun', async () => {
    await open();
    const { good } = endpoint.reception.context;
    const bearer = good.for('https://assay.example.com').with({ sub: 'workload' }).build();
    const call = client.begin(good.build(), { authorization: `Bearer ${bearer}` });
    await until(() => shared.begun === 1);
    call.cancel();
    await call.outcome;
    // The endpoint learns of it a little later than the caller.
    await client.check();
    shared.end();
    await until(() => shared.finished === 1);
    expect(endpoint.reception.introspected).toBe(0);
  });
});
