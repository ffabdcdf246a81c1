// One of the two services: the built program of a checkout, as a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { goodCredentials, introspection } from './requests.mjs';
import { Random } from './random.mjs';
import { Rounds } from './rounds.mjs';
import { configurationOf } from './world.mjs';

/** Longest time until a service says that it is ready, in milliseconds; the machine may be busy. */
const START_MS = 60_000;

export class Service {
  /** Lines of the log that are errors, by what they say. */
  errors = new Map();
  #child;
  #directory;
  #output = '';

  /**
   * Starts `dist/main.js` of a checkout on free ports, and waits until it is ready.
   * @param {string} checkout
   * @param {import('./world.mjs').World} world
   * @throws {Error} a sentence for a person, when it does not start
   */
  static async start(checkout, world) {
    const program = resolve(checkout, 'dist', 'main.js');
    if (!existsSync(program)) throw new Error(`${program} does not exist: build that checkout first`);
    const service = new Service();
    const ports = { http: await freePort(), management: await freePort() };
    service.port = ports.http;
    service.#directory = mkdtempSync(join(tmpdir(), 'assay-compare-'));
    const configuration = join(service.#directory, 'assay.yaml');
    writeFileSync(configuration, JSON.stringify(configurationOf(world, ports)));
    service.#spawn(checkout, program, { ASSAY_CONFIG: configuration, SECRET: world.secret });
    try {
      await service.#ready(ports);
    } catch (error) {
      await service.stop();
      throw error;
    }
    service.rounds = new Rounds(service.port, slowestQuestion(world));
    return service;
  }

  #spawn(checkout, program, env) {
    // The Node that the program is made for, where the checkout has one.
    const own = resolve(checkout, 'node_modules', '.bin', 'node');
    this.#child = spawn(existsSync(own) ? own : process.execPath, [program], {
      cwd: this.#directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        for (const line of lines) this.#record(line);
      });
    }
    this.exited = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`${program} ended with ${signal ?? code}:\n${this.#output}`);
    });
    this.exited.catch(() => undefined);
  }

  #record(line) {
    this.#output = `${this.#output}${line}\n`.slice(-4_000);
    const { level, msg = line } = parsed(line);
    if (level === 'error' || level === undefined) this.errors.set(msg, (this.errors.get(msg) ?? 0) + 1);
  }

  async #ready({ management }) {
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      const response = await Promise.race([
        fetch(`http://127.0.0.1:${management}/readyz`).catch(() => undefined),
        this.exited,
      ]);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`not ready after ${START_MS / 1000} s:\n${this.#output}`);
  }

  async stop() {
    this.rounds?.close();
    if (this.#child?.exitCode === null) {
      this.#child.kill('SIGKILL');
      await this.exited.catch(() => undefined);
    }
    if (this.#directory) rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Signatures are checked on other threads: whatever was asked before is answered before. */
function slowestQuestion(world) {
  const random = new Random(0);
  const message = introspection(random, world, goodCredentials(random, world));
  message.body = `token=${world.tokens.forged}`;
  return message.toText();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
