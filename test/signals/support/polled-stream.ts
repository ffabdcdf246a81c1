import { adminSection, AdminService, FakeIssuer, quickIssuer } from '../../admin/support/admin-world.js';
import type { Section } from '../../e2e/support/configuration.js';
import { bySession, receiver, securityEvent, SSF } from './event-world.js';
import { FakeTransmitter } from './fake-transmitter.js';

/** How the transmitter calls the stream. */
export const streamId = 'stream-1';

/** An issuer with a stream of security events that is polled, and the service that polls it. */
export class PolledStream {
  private running: AdminService | undefined;

  private constructor(
    readonly issuer: FakeIssuer,
    readonly transmitter: FakeTransmitter,
  ) {}

  static async open(): Promise<PolledStream> {
    const issuer = await FakeIssuer.start();
    return new PolledStream(issuer, new FakeTransmitter(issuer));
  }

  /**
   * Starts the service.
   * @param signal further settings of the stream. @param poll of its polls. @param corp of the issuer
   */
  async start(signal: Section = {}, poll: Section = {}, corp: Section = {}): Promise<AdminService> {
    const { issuer, transmitter } = this;
    const credentials = 'token' in poll ? {} : { accessToken: 'a.token' };
    const polled = { url: transmitter.pollUrl, every: '500ms', ...credentials, ...poll };
    const stream = { id: 'corp-ssf', issuer: 'corp', audience: receiver, streamId, poll: polled, ...signal };
    const registered = { ...quickIssuer(issuer), audiences: 'any', ...corp };
    this.running = await AdminService.start([registered], { admin: adminSection, signals: [stream] });
    return this.running;
  }

  get service(): AdminService {
    if (!this.running) throw new Error('start() it first');
    return this.running;
  }

  /** The next poll brings an event about the stream itself. */
  async bringNews(jti: string, type: string, about: object): Promise<void> {
    const news = { type: `${SSF}${type}`, about, subject: bySession(streamId), claims: { jti } };
    this.transmitter.waiting.set(jti, await securityEvent(this.issuer, news));
  }

  /** What the metric says of the stream: `1` where it is up. */
  async up(): Promise<string | undefined> {
    const { text } = await this.service.ask('GET', '/metrics');
    return /assay_signal_stream_up\{stream="corp-ssf"\} (\d)/.exec(text)?.[1];
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    await this.issuer.stop();
  }
}
