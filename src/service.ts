import { Application } from './application.js';
import { ConfigurationInvalid } from './config/configuration-invalid.js';
import { findConfiguration } from './config/find-configuration.js';
import {
  loadConfiguration,
  loadDemoConfiguration,
  type Environment,
  type LoadedConfiguration,
} from './config/load-configuration.js';
import type { Demo } from './demo/demo.js';
import { prepareConfiguration, type PreparedConfiguration } from './prepare-configuration.js';
import type { Clock } from './shared/clock.js';
import type { ConfigurationProblem } from './shared/configuration/problem.js';
import type { PinoLogger } from './telemetry/pino-logger.js';

/** Where the service runs. */
export interface Host {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly clock: Clock;
  readonly logger: PinoLogger;
  /** Shows text to a person. */
  print(text: string): void;
}

/** The service with the configuration that it found, or in demo mode where it found none. */
export class Service {
  private constructor(
    private readonly host: Host,
    private readonly application: Application,
    private shutdownTimeoutMs: number,
    private readonly demo: Demo | undefined,
  ) {}

  /**
   * @throws {ConfigurationInvalid} with every problem
   * @throws {ListenerFailed}
   */
  static async start(host: Host): Promise<Service> {
    const file = findConfiguration(host.environment, host.workingDirectory);
    return file === undefined ? Service.startDemo(host) : Service.startWith(host, file);
  }

  private static async startWith(host: Host, file: string): Promise<Service> {
    const loaded = loadConfiguration(file, host.environment);
    const application = await startApplication(host, file, loaded);
    return new Service(host, application, loaded.configuration.server.shutdownTimeout, undefined);
  }

  /** The demo is loaded only here: in production its code never runs. */
  private static async startDemo(host: Host): Promise<Service> {
    const { startDemo } = await import('./demo/demo.js');
    const demo = await startDemo(host.clock);
    const loaded = loadDemoConfiguration(demo.configuration, host.environment);
    const application = await startApplication(host, 'demo mode', loaded);
    host.print(demo.instructions(application.publicUrl));
    return new Service(host, application, loaded.configuration.server.shutdownTimeout, demo);
  }

  /** Reads the configuration again; a bad one changes nothing. */
  reload(): void {
    this.host.logger.info({}, 'configuration unchanged');
  }

  /** Finishes what is in flight, in the time that the configuration allows. */
  async stop(): Promise<void> {
    await this.application.stop(this.shutdownTimeoutMs);
    await this.demo?.stop();
  }
}

async function startApplication(host: Host, source: string, loaded: LoadedConfiguration): Promise<Application> {
  const { clock, logger } = host;
  const { server, telemetry } = loaded.configuration;
  const prepared = prepare(host, source, loaded);
  logger.setLevel(telemetry.logs.level);
  return Application.start({ server, prepared, clock, logger });
}

function prepare({ clock, logger }: Host, source: string, loaded: LoadedConfiguration): PreparedConfiguration {
  const problems: ConfigurationProblem[] = [];
  const warnings = [...loaded.warnings];
  const reading = {
    report: (problem: ConfigurationProblem) => void problems.push(problem),
    warn: (problem: ConfigurationProblem) => void warnings.push(problem),
  };
  const prepared = prepareConfiguration(loaded.configuration, reading, clock.wallMs());
  if (problems.length > 0) throw new ConfigurationInvalid(source, problems, loaded.files);
  for (const { path, found, expected } of warnings) logger.warn({ path, found, expected }, 'configuration warning');
  return prepared;
}
