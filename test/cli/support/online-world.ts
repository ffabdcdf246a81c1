import { Directory } from '../../config/support/directory.js';
import { FakeIssuer, type FakeIssuerOptions } from '../../fakes/fake-issuer.js';
import { runAssay, type Ran, type RanIn } from './run-assay.js';

/** The secrets of {@link OnlineWorld}'s configurations: nothing of them may ever be printed. */
export const environment = {
  SECRET: 'orders-secret-Wq7Zt3Lm9XcVb5Nh',
  RECORD_KEY: 'record-key-Wq7Zt3Lm9XcVb5NhRk2Jd8Fs',
  REDIS_PASSWORD: 'redis-password-8hT2kPq4Lm',
};

/** A line of `assay check --online --json`. */
export interface Row {
  readonly kind: string;
  readonly id: string;
  readonly result: string;
  readonly found: string;
  readonly remedy?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A section as somebody writes it. */
export type Section = Record<string, unknown>;

/** A configuration on disk, and the issuers and servers that it names; all of them are real. */
export class OnlineWorld {
  private readonly started: { stop(): Promise<void> }[] = [];

  private constructor(readonly directory: Directory) {}

  static async create(): Promise<OnlineWorld> {
    return new OnlineWorld(await Directory.create());
  }

  async end(): Promise<void> {
    await Promise.all(this.started.splice(0).map((each) => each.stop()));
    await this.directory.remove();
  }

  /** Stops it at the end. */
  ends<Server extends { stop(): Promise<void> }>(server: Server): Server {
    this.started.push(server);
    return server;
  }

  async issuer(options: FakeIssuerOptions = {}): Promise<FakeIssuer> {
    return this.ends(await FakeIssuer.start(options));
  }

  /** Writes a configuration with these issuers and one caller. */
  async configure(issuers: readonly Section[], more: Section = {}): Promise<void> {
    const callers = [{ id: 'orders', secrets: ['${env:SECRET}'], issuers: 'any', audiences: 'any', claims: 'any' }];
    await this.directory.configure({ issuers, callers, ...more });
  }

  check(given: RanIn = {}, ...args: readonly string[]): Promise<Ran> {
    return runAssay(['check', this.directory.file, '--online', ...args], { environment, ...given });
  }

  async rows(given: RanIn = {}): Promise<readonly Row[]> {
    const { stdout } = await this.check(given, '--json');
    return (JSON.parse(stdout) as { readonly online: { readonly rows: readonly Row[] } }).online.rows;
  }
}

/** How an issuer of a test is registered. */
export function registered(id: string, { issuer }: Pick<FakeIssuer, 'issuer'>, more: Section = {}): Section {
  const keys = { discovery: 'oidc' };
  const network = { allowPrivate: true };
  return { id, issuer, keys, algorithms: ['ES256'], audiences: ['https://api.example'], network, ...more };
}
