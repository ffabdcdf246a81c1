import { Agent, request as httpRequest } from 'node:http';
import { GrpcClient } from '../../transport/grpc/support/client.js';
import { basic } from '../../transport/http/support/requests.js';
import { ordersApi } from './configuration.js';

/** A token, and every answer that is right: `active`, `inactive`, or what keeps it from being either. */
export interface Question {
  readonly token: string;
  readonly allowed: ReadonlySet<string>;
  /** What kind of token it is, for the count. */
  readonly kind?: string;
}

/** How much is asked. */
export interface LoadOptions {
  readonly httpClients?: number;
  readonly grpcClients?: number;
  /** Between the end of a question and the next one of the same client, in milliseconds: steady, and not all that the machine can do. */
  readonly pauseMs?: number;
}

/** Clients that ask without end over HTTP and over gRPC, each on a connection that it keeps, and note every answer that is not allowed. */
export class SteadyLoad {
  /** Answers so far, by what they said. */
  readonly answers = new Map<string, number>();
  /** What was not allowed, and when. */
  readonly faults: string[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly grpc: GrpcClient;
  private readonly pauseMs: number;
  private isOn = true;
  private readonly beganMs = performance.now();
  private readonly clients: Promise<unknown>;

  /**
   * @param ports of what they ask
   * @param question called before each question
   */
  constructor(
    private readonly ports: { readonly http: number; readonly grpc: number },
    private readonly question: () => Question,
    { httpClients = 4, grpcClients = 2, pauseMs = 4 }: LoadOptions = {},
  ) {
    this.pauseMs = pauseMs;
    this.grpc = new GrpcClient(ports.grpc);
    const overHttp = Array.from({ length: httpClients }, () => this.client('HTTP', (token) => this.askHttp(token)));
    const overGrpc = Array.from({ length: grpcClients }, () => this.client('gRPC', (token) => this.askGrpc(token)));
    this.clients = Promise.all([...overHttp, ...overGrpc]);
  }

  /** How many answers there were. */
  get asked(): number {
    return [...this.answers.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Ends when the last answer is there. @returns what was not allowed */
  async stop(): Promise<readonly string[]> {
    this.isOn = false;
    await this.clients;
    this.agent.destroy();
    this.grpc.close();
    return this.faults;
  }

  private async client(protocol: string, ask: (token: string) => Promise<string>): Promise<void> {
    while (this.isOn) {
      const { token, allowed, kind } = this.question();
      const answer = await ask(token);
      const key = [protocol, kind, answer].filter((word) => word !== undefined).join(' ');
      this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
      if (!allowed.has(answer)) this.faults.push(`${Math.round(performance.now() - this.beganMs)} ms: ${key}`);
      await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    }
  }

  private askHttp(token: string): Promise<string> {
    return new Promise((resolve) => {
      const headers = {
        authorization: basic(ordersApi.id, ordersApi.secret),
        'content-type': 'application/x-www-form-urlencoded',
      };
      const options = { method: 'POST', agent: this.agent, headers, timeout: 30_000 };
      const sent = httpRequest(`http://127.0.0.1:${this.ports.http}/introspect`, options, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => {
          resolve(answer.statusCode === 200 ? verdictOf(body) : `status ${answer.statusCode ?? 0}`);
        });
        answer.on('error', (error) => {
          resolve(error.message);
        });
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer in 30 s')));
      sent.on('error', (error) => {
        resolve(error.message);
      });
      sent.end(`token=${token}`);
    });
  }

  private async askGrpc(token: string): Promise<string> {
    const authorization = basic(ordersApi.id, ordersApi.secret);
    const { status, details, answer } = await this.grpc.introspect(token, { authorization });
    if (answer) return verdictWord(answer.active);
    return status === 'UNAVAILABLE' && details !== '' && !details.includes('HTTP') ? status : `${status} ${details}`;
  }
}

function verdictOf(body: string): string {
  return verdictWord((JSON.parse(body) as { active: boolean }).active);
}

function verdictWord(active: boolean): string {
  return active ? 'active' : 'inactive';
}
