import type { ConfigurationProblem } from '../shared/configuration/problem.js';
import { Place } from '../shared/configuration/place.js';
import type { Logger } from '../telemetry/logger.js';
import { changesBetween } from './configuration-changes.js';
import type { Configuration } from './configuration.config.js';
import { ConfigurationInvalid } from './configuration-invalid.js';
import { digestOfAll, type FileDigests } from './file-digests.js';
import type { LoadedConfiguration } from './load-configuration.js';
import { OneAtATime } from './one-at-a-time.js';
import { NoReloadObserver, type ReloadObserver, type ReloadResult } from './reload-observer.js';

/** Swaps a prepared configuration in: without waiting and without failing, so that no request sees half of it. */
export type ApplyConfiguration = () => void;

/** Does everything about a change that can fail or take time. What is refused below `place` ends it; a warning does not. */
export type PrepareConfiguration = (
  configuration: Configuration,
  place: Place,
) => ApplyConfiguration | Promise<ApplyConfiguration>;

/** What a {@link ConfigurationReloader} works with. */
export interface ReloaderParts {
  /** @throws {ConfigurationInvalid} */
  readonly load: () => Promise<LoadedConfiguration>;
  readonly prepare: PrepareConfiguration;
  readonly logger: Logger;
  readonly observer?: ReloadObserver;
}

/** Brings a configuration into force: at the start, and again whenever it changes. Whole, or not at all. */
export class ConfigurationReloader {
  private current: LoadedConfiguration | undefined;
  private lookedAt: FileDigests = new Map();
  private readonly reloads = new OneAtATime(() => this.reloadOnce());
  private isStopped = false;

  constructor(private readonly parts: ReloaderParts) {}

  /** The files that the last attempt looked at, as it found them: when one of them changes, the next may go otherwise. */
  get files(): FileDigests {
    return this.lookedAt;
  }

  /**
   * Loads, prepares and applies for the first time.
   * @throws {ConfigurationInvalid} with every problem
   */
  async start(): Promise<Configuration> {
    const next = await this.load();
    await this.bringIntoForce(next);
    return next.configuration;
  }

  /** Tries again; never throws. A wish that arrives during an attempt is granted by one more attempt after it. */
  async reload(): Promise<void> {
    await this.reloads.run();
  }

  /** From now on nothing comes into force: who stops must not find new issuers to look at. */
  stop(): void {
    this.isStopped = true;
  }

  private async reloadOnce(): Promise<void> {
    if (this.isStopped) return;
    const result = await this.attempt();
    (this.parts.observer ?? new NoReloadObserver()).reloaded(result);
  }

  private async attempt(): Promise<ReloadResult> {
    const { logger } = this.parts;
    try {
      const before = this.current;
      const next = await this.load();
      if (before && digestOfAll(before.files) === digestOfAll(next.files)) {
        logger.info({}, 'configuration unchanged');
        return 'unchanged';
      }
      await this.bringIntoForce(next);
      if (this.current !== next) return 'unchanged';
      this.logChange(before, next);
      return 'success';
    } catch (error) {
      this.logFailure(error);
      return 'failure';
    }
  }

  private async load(): Promise<LoadedConfiguration> {
    try {
      const next = await this.parts.load();
      this.lookedAt = next.files;
      return next;
    } catch (error) {
      if (error instanceof ConfigurationInvalid) this.lookedAt = error.files;
      throw error;
    }
  }

  private async bringIntoForce(next: LoadedConfiguration): Promise<void> {
    const problems: ConfigurationProblem[] = [];
    const warnings = [...next.warnings];
    const place = new Place({
      report: (problem) => void problems.push(next.locate(problem)),
      warn: (problem) => void warnings.push(next.locate(problem)),
    });
    const apply = await this.parts.prepare(next.configuration, place);
    if (problems.length > 0) throw new ConfigurationInvalid(next.source, problems, next.files);
    if (this.isStopped) return;
    apply();
    this.current = next;
    for (const warning of warnings) this.parts.logger.warn({ ...warning }, 'configuration warning');
  }

  private logChange(before: LoadedConfiguration | undefined, { configuration }: LoadedConfiguration): void {
    const { logger } = this.parts;
    if (!before) return;
    const { needRestart, ...changes } = changesBetween(before.configuration, configuration);
    logger.info(changes, 'configuration reloaded');
    if (needRestart.length > 0)
      logger.warn({ settings: needRestart }, 'changed settings take effect with the next start');
  }

  private logFailure(error: unknown): void {
    const { logger } = this.parts;
    if (!(error instanceof ConfigurationInvalid)) {
      logger.error({ error }, 'configuration not reloaded: the old one stays in force');
      return;
    }
    for (const problem of error.problems) logger.error({ ...problem }, 'configuration problem');
    logger.error({ problems: error.problems.length }, 'configuration not reloaded: the old one stays in force');
  }
}
