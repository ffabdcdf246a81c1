import { Application } from './application.js';
import { auditChanges } from '../config/audit-changes.js';
import type { Configuration } from '../config/configuration.config.js';
import { ConfigurationReloader } from '../config/configuration-reloader.js';
import { findConfiguration } from '../config/find-configuration.js';
import {
  loadConfiguration,
  loadDemoConfiguration,
  type Environment,
  type Examine,
  type LoadedConfiguration,
} from '../config/load-configuration.js';
import { FileWatcher } from '../config/watch-files.js';
import type { Demo } from '../demo/demo.js';
import { prepareConfiguration } from './prepare-configuration.js';
import { replicaName } from './replica-name.js';
import type { Clock } from '../shared/clock.js';
import { pausesBy } from '../shared/pause.js';
import type { Audit } from '../telemetry/audit.js';
import { JsonAudit } from '../telemetry/json-audit.js';
import type { PinoLogger } from '../telemetry/pino-logger.js';
import type { TelemetrySection } from '../telemetry/telemetry.config.js';
import { Telemetry } from '../telemetry/telemetry.js';

/** Where the service runs. */
export interface Host {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly clock: Clock;
  readonly logger: PinoLogger;
  /** Shows text to a person. */
  readonly print: (text: string) => void;
}

/** The configuration that was found, or the demo where there was none. */
interface Source {
  readonly load: () => Promise<LoadedConfiguration>;
  readonly demo?: Demo;
}

/** The application and the configuration that it follows. */
export class Service {
  private readonly audit: JsonAudit;
  private application: Application | undefined;
  private readonly reloader: ConfigurationReloader;
  private readonly watcher: FileWatcher;
  private shutdownTimeoutMs = 0;
  private configuration: Configuration | undefined;

  private constructor(
    private readonly host: Host,
    private readonly source: Source,
  ) {
    const { logger, clock } = host;
    this.audit = new JsonAudit(clock, logger, { print: host.print });
    this.reloader = new ConfigurationReloader({
      load: source.load,
      prepare: async (configuration, place) => {
        const context = { place, nowMs: clock.wallMs(), pause: pausesBy(clock) };
        const prepared = await prepareConfiguration(configuration, context);
        const application = await this.applicationFor(configuration.telemetry, this.audit);
        return () => {
          logger.setLevel(configuration.telemetry.logs.level);
          this.audit.configure(configuration.telemetry.audit);
          auditChanges(this.audit, this.configuration, configuration);
          this.configuration = configuration;
          application.apply(prepared, configuration.telemetry);
        };
      },
      logger,
      observer: { reloaded: (result) => this.application?.reloads.reloaded(result) },
    });
    this.watcher = new FileWatcher(clock, () => void this.reload());
  }

  /**
   * Resolves when the service is ready.
   * @throws {ConfigurationInvalid} with every problem
   * @throws {ListenerFailed}
   */
  static async start(host: Host): Promise<Service> {
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
    await this.application?.close(this.shutdownTimeoutMs);
    await this.audit.close();
    await this.source.demo?.stop();
  }

  /** The first configuration decides what is exported, and where to: from then on everything is counted and traced there. */
  private async applicationFor(telemetry: TelemetrySection, audit: Audit): Promise<Application> {
    const { clock, logger } = this.host;
    const replica = replicaName();
    this.application ??= new Application(
      { clock, logger, audit, replica },
      await Telemetry.start(telemetry, { clock, logger, replica }),
    );
    return this.application;
  }

  private async open(): Promise<void> {
    const { server } = await this.reloader.start();
    this.shutdownTimeoutMs = server.shutdownTimeout;
    const publicUrl = await this.application?.open(server);
    if (this.source.demo && publicUrl !== undefined) this.host.print(this.source.demo.instructions(publicUrl));
    await this.watcher.watch(this.reloader.files);
  }
}

async function findSource({ environment, workingDirectory, clock }: Host): Promise<Source> {
  const file = findConfiguration(environment, workingDirectory);
  if (file !== undefined) {
    const examine: Examine = (sections, place) =>
      prepareConfiguration(sections, { place, nowMs: clock.wallMs(), pause: pausesBy(clock) });
    return { load: () => loadConfiguration(file, { environment, pause: pausesBy(clock), examine }) };
  }
  // Loaded only here: in production not a line of it is.
  const { startDemo } = await import('../demo/demo.js');
  const demo = await startDemo(clock);
  return { demo, load: () => loadDemoConfiguration(demo.configuration, { environment, pause: pausesBy(clock) }) };
}
