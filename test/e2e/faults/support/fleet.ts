import { eventually } from '../../../fakes/eventually.js';
import { FakeIssuer } from '../../../fakes/fake-issuer.js';
import { AssayProcess } from '../../support/assay-process.js';
import { configurationOf, introspect, issuerSection, type Section } from '../../support/configuration.js';

/** Short enough that a fault outlasts several refreshes, long enough that a fault test is not about `hardTtl` unless it says so. */
export const brisk: Section = { refresh: '2s', hardTtl: '60s', missCooldown: '5s', minSpacing: '1s' };

/** So late a test may notice a fetch, in milliseconds: what it measures from there is shorter than what was. */
export const SLACK_MS = 500;

const recordKeys = [{ id: 'k1', secret: 'record-key-for-fault-tests-8Jq2Vx7Lm4Nz' }];

/** Replicas of the built program that share one Redis and one issuer. */
export class Fleet {
  private constructor(
    readonly issuer: FakeIssuer,
    readonly replicas: readonly AssayProcess[],
    private readonly configure: (replica: number) => Section,
    private readonly freshness: Section,
  ) {}

  /** @param redis the `redis` section of each replica, without its record keys */
  static async start(
    redis: (replica: number) => Section,
    { size = 3, freshness = brisk }: { size?: number; freshness?: Section } = {},
  ): Promise<Fleet> {
    const issuer = await FakeIssuer.start();
    const replicas: AssayProcess[] = [];
    const fleet = new Fleet(issuer, replicas, redis, freshness);
    for (let i = 0; i < size; i++) replicas.push(await fleet.startReplica(i));
    return fleet;
  }

  /** One more, or one again. */
  startReplica(replica: number): Promise<AssayProcess> {
    return AssayProcess.start((ports) => ({
      ...configurationOf(ports, [
        issuerSection('corp', this.issuer, { freshness: this.freshness, keys: { jwksUri: this.issuer.jwksUri } }),
      ]),
      redis: { ...this.configure(replica), recordKeys },
    }));
  }

  /** What each replica says of `token`: `true` or `false`, or the status where it says neither. */
  verdicts(token: string): Promise<readonly unknown[]> {
    return Promise.all(this.replicas.map((replica) => verdictOf(replica, token)));
  }

  /**
   * Resolves when the issuer has been asked for its keys so many more times: processes have no clock that a test could advance, but
   * whatever a fleet does to its keys it does with a fetch.
   * @param meanwhile called again and again until then, and once after it
   * @returns how long it took, in milliseconds
   */
  async fetched(times: number, meanwhile: () => Promise<void> = async () => undefined): Promise<number> {
    const [beganMs, enough] = [performance.now(), this.issuer.keySetRequests + times];
    await eventually(async () => {
      await meanwhile();
      return this.issuer.keySetRequests >= enough;
    });
    await meanwhile();
    return performance.now() - beganMs;
  }

  /** Lines that the replicas have logged with this message. */
  logged(sentence: string): number {
    return this.replicas.flatMap(({ log }) => log).filter(({ msg }) => msg === sentence).length;
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.issuer.stop();
  }
}

/** `active`, or the status where there is no verdict. */
export async function verdictOf(replica: AssayProcess, token: string): Promise<unknown> {
  const { status, body } = await introspect(replica, token);
  return status === 200 ? body['active'] : status;
}

/** Asks every replica for a token again and again, and remembers every answer that was not `active`. */
export class Watchman {
  asked = 0;
  readonly faults: string[] = [];
  private isWatching = true;
  private readonly watch: Promise<void>;

  constructor(fleet: Fleet, token: string) {
    this.watch = this.ask(fleet, token);
  }

  /** @returns answers that were not `active` */
  async dismiss(): Promise<readonly string[]> {
    this.isWatching = false;
    await this.watch;
    return this.faults;
  }

  private async ask(fleet: Fleet, token: string): Promise<void> {
    const beganMs = performance.now();
    while (this.isWatching) {
      const verdicts = await fleet.verdicts(token);
      this.asked += verdicts.length;
      if (verdicts.some((verdict) => verdict !== true)) {
        this.faults.push(`after ${Math.round(performance.now() - beganMs)} ms: ${verdicts.join(', ')}`);
      }
      await pause(20);
    }
  }
}

/** Lets real time pass between two requests of a load: no test waits like this for something to happen. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
