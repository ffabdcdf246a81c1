/** Brings a configuration into force, at the start and after each change: whole, or not at all. */
import type { Sections } from '../shared/configuration/configuration-section.js';
import { ActiveConfiguration, type IncludedFile } from '../shared/configuration/active-configuration.js';
import type { Clock } from '../shared/clock.js';
import { pausesBy } from '../shared/pause.js';
import type { Logger } from '../telemetry/logger.js';
import { changesBetween, type NamedPart } from './configuration-changes.js';
import { ConfigurationInvalid } from './configuration-invalid.js';
import { digestOfAll, type FileDigests } from './file-digests.js';
import type { LoadedConfiguration } from './load-configuration.js';
import { OneAtATime } from './one-at-a-time.js';
import { prepareLoaded, type Prepared } from './prepare-loaded.js';
import { NoReloadObserver, type ReloadObserver, type ReloadResult } from './reload-observer.js';

/** What is said of a configuration that comes into force. */
export type Announced<All extends Sections> = Pick<LoadedConfiguration<All>, 'configuration' | 'digest'>;

/** What a {@link ConfigurationReloader} works with. */
export interface ReloaderParts<All extends Sections> {
  /** The sections of the file. */
  readonly sections: All;
  /** @throws {ConfigurationInvalid} */
  readonly load: () => Promise<LoadedConfiguration<All>>;
  /**
   * Called when a configuration comes into force, in the same tick and before those that follow it: how it is logged and
   * audited is one of the things that may have changed. Must neither wait nor fail.
   * @param before undefined at the start
   */
  readonly announce: (after: Announced<All>, before: Announced<All> | undefined) => void;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly observer?: ReloadObserver;
}

/** Brings a configuration into force: at the start, and again whenever it changes. Whole, or not at all. */
export class ConfigurationReloader<All extends Sections> {
  private current: LoadedConfiguration<All> | undefined;
  private active: ActiveConfiguration | undefined;
  private lastRead: FileDigests = new Map();
  private readonly reloads = new OneAtATime(() => this.reloadOnce());
  private isStopped = false;

  constructor(private readonly parts: ReloaderParts<All>) {}

  /** The files that the last attempt read, as it found them: when one of them changes, the next may end otherwise. */
  get files(): FileDigests {
    return this.lastRead;
  }

  /**
   * Loads and prepares for the first time.
   * @returns what is in force from now on, whatever changes
   * @throws {ConfigurationInvalid} with every problem
   */
  async start(): Promise<ActiveConfiguration> {
    const next = await this.load();
    const prepared = await this.prepare(next);
    return this.bringIntoForce(next, prepared);
  }

  /** Tries again; never throws. A call during an attempt makes one more attempt after it. */
  async reload(): Promise<void> {
    await this.reloads.run();
  }

  /** From now on nothing comes into force: a service that stops must not begin to fetch the keys of new issuers. */
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
      const prepared = await this.prepare(next);
      if (this.isStopped) return 'unchanged';
      this.bringIntoForce(next, prepared);
      this.logChange(before, next);
      return 'success';
    } catch (error) {
      this.logFailure(error);
      return 'failure';
    }
  }

  private async load(): Promise<LoadedConfiguration<All>> {
    try {
      const next = await this.parts.load();
      this.lastRead = next.files;
      return next;
    } catch (error) {
      if (error instanceof ConfigurationInvalid) this.lastRead = error.files;
      throw error;
    }
  }

  private prepare(next: LoadedConfiguration<All>): Promise<Prepared<All>> {
    const { sections, clock } = this.parts;
    return prepareLoaded(next, { sections, nowMs: clock.wallMs(), pause: pausesBy(clock) });
  }

  /** Without waiting, so that no request sees half of it. */
  private bringIntoForce(next: LoadedConfiguration<All>, { values, warnings }: Prepared<All>): ActiveConfiguration {
    const { announce, logger, clock } = this.parts;
    announce(next, this.current);
    const { source, digest, included } = next;
    const version = { source, digest, sinceMs: clock.wallMs(), included };
    next.remember();
    this.active?.replace(values, version);
    this.active ??= new ActiveConfiguration(values, version);
    this.current = next;
    for (const warning of [...next.warnings, ...warnings]) logger.warn({ ...warning }, 'configuration warning');
    for (const file of included) this.logIncluded(file);
    return this.active;
  }

  private logChange(before: LoadedConfiguration<All> | undefined, { configuration }: LoadedConfiguration<All>): void {
    const { logger, sections } = this.parts;
    if (!before) return;
    const { added, removed, changed, needRestart } = changesBetween(sections, before.configuration, configuration);
    logger.info(
      { added: namesOf(added), removed: namesOf(removed), changed: namesOf(changed) },
      'configuration reloaded',
    );
    if (needRestart.length > 0)
      logger.warn({ settings: needRestart }, 'changed settings take effect with the next start');
  }

  private logIncluded({ file, state, problems }: IncludedFile): void {
    const { logger } = this.parts;
    if (state === 'current') return;
    for (const problem of problems) logger.error({ ...problem }, 'configuration problem');
    logger.error(
      { file, problems: problems.length },
      state === 'last_good'
        ? 'included file refused: its last good version stays in force'
        : 'included file refused: nothing of it is in force',
    );
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

function namesOf(parts: readonly NamedPart[]): readonly string[] {
  return parts.map(({ name }) => name);
}
