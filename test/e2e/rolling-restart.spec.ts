import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { Directory } from '../config/support/directory.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { RedisServer } from '../redis/redis-server.js';
import { AssayProcess, freePorts, type Ports } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, probe } from './support/configuration.js';
import { Front } from './support/front.js';
import { SteadyLoad } from './support/steady-load.js';

const SIZE = 3;

/** From the swap of a symbolic link to the last replica that knows, in milliseconds. */
const LIVE_WITHIN_MS = 5_000;

const DECIDES_ALONE = 'shared store does not answer; this replica decides alone';

/** A replica as a pod has it: a configuration that kubelet swaps, and ports that stay when it is replaced. */
class Replica {
  private constructor(
    readonly ports: Ports,
    private readonly configMap: Directory,
    public assay: AssayProcess,
  ) {}

  static async start(configure: (ports: Ports) => object): Promise<Replica> {
    const [ports, configMap] = await Promise.all([freePorts(), Directory.create()]);
    await configMap.swap({ 'assay.yaml': JSON.stringify(configure(ports)) });
    return new Replica(ports, configMap, await Replica.run(ports, configMap));
  }

  /** As a roll-out does it, once the pod has been forgotten. */
  async restart(): Promise<void> {
    expect(await this.assay.stop()).toBe(0);
    this.assay = await Replica.run(this.ports, this.configMap);
    await eventually(async () => (await probe(this.assay, '/readyz')) === 200);
  }

  configure(configuration: object): Promise<void> {
    return this.configMap.swap({ 'assay.yaml': JSON.stringify(configuration) });
  }

  async stop(): Promise<void> {
    await this.assay.stop();
    await this.configMap.remove();
  }

  private static async run(ports: Ports, { file }: Directory): Promise<AssayProcess> {
    const assay = await AssayProcess.run({ env: { ASSAY_CONFIG: file } }, ports);
    await assay.ready();
    return assay;
  }
}

describe('three replicas behind nginx, under steady load over HTTP and gRPC', () => {
  let corp: FakeIssuer;
  let shop: FakeIssuer;
  let redis: RedisServer;
  let front: Front;
  const replicas: Replica[] = [];
  let token: string;

  const configure = (ports: Ports, ...more: object[]): object => ({
    ...configurationOf(ports, [
      issuerSection('corp', corp, { criticality: 'critical' }),
      ...(more as Record<string, unknown>[]),
    ]),
    redis: { url: redis.url, recordKeys: [{ id: 'k1', secret: 'record-key-for-roll-outs-8Jq2Vx7Lm4NzPw' }] },
  });
  const question = () => ({ token, allowed: new Set(['active']) });
  /** Waits until `clients` have got many more answers. */
  const goOn = async (clients: SteadyLoad): Promise<void> => {
    const enough = clients.asked + 200;
    await eventually(() => clients.asked > enough);
  };

  beforeAll(async () => {
    [corp, shop, redis] = await Promise.all([FakeIssuer.start(), FakeIssuer.start(), RedisServer.start()]);
    for (let i = 0; i < SIZE; i++) replicas.push(await Replica.start(configure));
    front = await Front.before(replicas.map(({ ports }) => ports));
    token = await corp.sign({ exp: Math.floor(Date.now() / 1000) + 3_600 });
  });

  afterAll(async () => {
    await front.stop();
    await Promise.all(replicas.map((replica) => replica.stop()));
    await Promise.all([corp.stop(), shop.stop(), redis.stop()]);
  });

  it('are restarted one after the other: not one request fails, and the issuer sees nothing of it', async () => {
    const seen = corp.keySetRequests;
    const clients = new SteadyLoad(front.ports, question);
    await goOn(clients);
    for (const [i, replica] of replicas.entries()) {
      await front.forget(i);
      // nginx forgets with the next request; what it has passed on before is soon answered.
      await goOn(clients);
      await replica.restart();
      await front.remember(i);
      await goOn(clients);
    }
    expect(await clients.stop()).toEqual([]);
    expect([...clients.answers.keys()].sort()).toEqual(['HTTP active', 'gRPC active']);
    // None, unless a busy machine keeps Redis from answering in time: who cannot ask the others looks for itself, and says so.
    const alone = replicas.flatMap(({ assay }) => assay.log).filter(({ msg }) => msg === DECIDES_ALONE);
    expect(corp.keySetRequests - seen).toBeLessThanOrEqual(alone.length);
  });

  it('lose nothing over HTTP even where nobody tells the proxy, as long as it asks again', async () => {
    const clients = new SteadyLoad({ http: front.ports.untold, grpc: front.ports.grpc }, question, {
      grpcClients: 0,
    });
    await goOn(clients);
    await replicas[0]!.restart();
    await goOn(clients);
    expect(await clients.stop()).toEqual([]);
  });

  it('get a new configuration by a swap of symbolic links: live everywhere within 5 s, and not one request fails', async () => {
    const ofShop = await shop.sign();
    const clients = new SteadyLoad(front.ports, question);
    await goOn(clients);
    const swappedMs = performance.now();
    await Promise.all(
      replicas.map((replica) => replica.configure(configure(replica.ports, issuerSection('shop', shop)))),
    );
    for (const { assay } of replicas)
      await eventually(async () => (await introspect(assay, ofShop)).body['active'] === true);
    const liveMs = performance.now() - swappedMs;
    await goOn(clients);
    expect(await clients.stop()).toEqual([]);
    expect(liveMs).toBeLessThan(LIVE_WITHIN_MS);
  });
});
