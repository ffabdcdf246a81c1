/** The service as a whole: it starts with the configuration, follows its changes, and stops. */
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { auditChanges } from '../config/configuration-changes.js';
import { ConfigurationReloader } from '../config/configuration-reloader.js';
import { findConfiguration } from '../config/find-configuration.js';
import { IncludeMemory } from '../config/include-memory.js';
import {
  loadConfiguration,
  loadDemoConfiguration,
  type Environment,
  type LoadedConfiguration,
} from '../config/load-configuration.js';
import { ReloadObserver } from '../config/reload-observer.js';
import { FileWatcher } from '../config/watch-files.js';
import type { Demo } from '../demo/demo.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { warnOfUnusedProxy } from '../issuers/unused-proxy.js';
import type { Clock } from '../shared/clock.js';
import type { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { pausesBy } from '../shared/pause.js';
import { JsonAudit } from '../telemetry/json-audit.js';
import { NestLogger } from '../telemetry/nest-logger.js';
import type { PinoLogger } from '../telemetry/pino-logger.js';
import type { Process } from '../telemetry/telemetry.module.js';
import { AssayModule } from './assay.module.js';
import { Listeners } from './listeners.js';
import { sections } from './sections.js';

/** Where the service runs. */
export interface Surroundings {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly clock: Clock;
  readonly logger: PinoLogger;
  /** Shows text to a person, and the audit trail where it has no file. @returns false: it is not taken now */
  readonly print: (text: string) => unknown;
}

/** The configuration that was found, or the demo where there was none. */
interface Source {
  readonly load: () => Promise<LoadedConfiguration<typeof sections>>;
  readonly demo?: Demo;
}

/** The application and the configuration that it follows. */
export class Service {
  private readonly replica = replicaName();
  private readonly audit: JsonAudit;
  private context: INestApplicationContext | undefined;
  private reloads: ReloadObserver | undefined;
  private readonly reloader: ConfigurationReloader<typeof sections>;
  private readonly watcher: FileWatcher;

  private constructor(
    private readonly host: Surroundings,
    private readonly source: Source,
  ) {
    const { logger, clock } = host;
    this.audit = new JsonAudit(clock, logger, { print: host.print, replica: this.replica });
    this.reloader = new ConfigurationReloader({
      sections,
      load: source.load,
      announce: (after, before) => {
        logger.setLevel(after.configuration.telemetry.logs.level);
        this.audit.configure(after.configuration.telemetry.audit, after.configuration.redis?.region);
        auditChanges(this.audit, sections, { before, after });
      },
      logger,
      clock,
      observer: { reloaded: (result) => this.reloads?.reloaded(result) },
    });
    this.watcher = new FileWatcher(clock, () => void this.reload());
  }

  /**
   * Resolves when the service is ready.
   * @throws {ConfigurationInvalid} with every problem
   * @throws {ListenerFailed}
   */
  static async start(host: Surroundings): Promise<Service> {
    const service = new Service(host, await findSource(host));
    await service.open();
    return service;
  }

  /** Reads the configuration again; a bad one changes nothing. Never throws. */
  async reload(): Promise<void> {
    await this.reloader.reload();
    await this.watcher.watch(this.reloader.files);
  }

  /** Finishes what is in flight, in the time that the configuration allows. */
  async stop(): Promise<void> {
    this.watcher.close();
    this.reloader.stop();
    await this.context?.close();
    await this.audit.close();
    await this.source.demo?.stop();
  }

  private async open(): Promise<void> {
    const configuration = await this.reloader.start();
    const { clock, logger } = this.host;
    const process = { clock, logger, audit: this.audit, replica: this.replica };
    this.context = await createContext(process, configuration);
    this.reloads = this.context.get(ReloadObserver, { strict: false });
    warnOfUnusedProxy(this.host.environment, this.context.get(IssuerRegistry, { strict: false }).all(), logger);
    const { demo } = this.source;
    if (demo) this.host.print(demo.instructions(this.context.get(Listeners).publicUrl));
    await this.watcher.watch(this.reloader.files);
  }
}

/** Builds the service and opens its listeners. @throws {ListenerFailed} */
function createContext(process: Process, configuration: ActiveConfiguration): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(AssayModule.of(process, configuration), {
    logger: new NestLogger(process.logger),
    // The process decides what a failed start means, and says it in one line.
    abortOnError: false,
  });
}

async function findSource({ environment, workingDirectory, clock }: Surroundings): Promise<Source> {
  const file = findConfiguration(environment, workingDirectory);
  const memory = new IncludeMemory();
  const options = () => ({ sections, environment, nowMs: clock.wallMs(), pause: pausesBy(clock), memory });
  if (file !== undefined) return { load: () => loadConfiguration(file, options()) };
  // Loaded only here: in production not a line of it is.
  const { startDemo } = await import('../demo/demo.js');
  const demo = await startDemo(clock);
  return { demo, load: () => loadDemoConfiguration(demo.configuration, options()) };
}

/** A name for this process that no other replica has, and that operators recognize: the host's, and something random. */
function replicaName(): string {
  const host = hostname()
    .replace(/[^\w.-]/g, '')
    .slice(0, 63);
  return `${host}-${randomBytes(4).toString('hex')}`;
}
