import { vi } from 'vitest';
import { callersSection } from '../../../src/callers/registration/callers.section.js';
import { ConfigurationReloader } from '../../../src/config/configuration-reloader.js';
import { IncludeMemory } from '../../../src/config/include-memory.js';
import { includeSection } from '../../../src/config/include.section.js';
import { ownersSection } from '../../../src/config/owners.section.js';
import { loadConfiguration } from '../../../src/config/load-configuration.js';
import { ReloadObserver, type ReloadResult } from '../../../src/config/reload-observer.js';
import { FileWatcher } from '../../../src/config/watch-files.js';
import { issuersSection } from '../../../src/issuers/issuers.section.js';
import type { ActiveConfiguration } from '../../../src/shared/configuration/active-configuration.js';
import type { ConfigurationOf } from '../../../src/shared/configuration/configuration-section.js';
import type { Place } from '../../../src/shared/configuration/place.js';
import { noPause } from '../../../src/shared/pause.js';
import { serverSection } from '../../../src/transport/server.section.js';
import { FakeClock } from '../../fakes/fake-clock.js';
import { RecordingLogger } from '../../fakes/recording-logger.js';
import { aConfiguration, environment, type Raw } from './a-configuration.js';
import { Directory } from './directory.js';

class Results extends ReloadObserver {
  readonly all: ReloadResult[] = [];
  override reloaded(result: ReloadResult): void {
    this.all.push(result);
  }
}

type Followed = readonly [
  typeof serverSection,
  typeof issuersSection,
  typeof callersSection,
  typeof includeSection,
  typeof ownersSection,
];

/** A configuration in a directory of its own that is followed as the service does it, with all that happens to it. */
export class FollowedConfiguration {
  readonly clock = new FakeClock();
  readonly logger = new RecordingLogger();
  /** What came into force, in order. */
  readonly inForce: ConfigurationOf<Followed>[] = [];
  private readonly reloader: ConfigurationReloader<Followed>;
  private readonly watcher: FileWatcher;
  private readonly observer = new Results();

  /** What is done before the issuers of a change are made ready. */
  beforeIssuers: (place: Place) => void | Promise<void> = () => undefined;

  private constructor(readonly directory: Directory) {
    const issuers: typeof issuersSection = {
      ...issuersSection,
      prepare: async (sections, context) => {
        await this.beforeIssuers(context.place);
        return issuersSection.prepare(sections, context);
      },
    };
    const sections: Followed = [serverSection, issuers, callersSection, includeSection, ownersSection];
    const memory = new IncludeMemory();
    this.reloader = new ConfigurationReloader({
      sections,
      load: () => loadConfiguration(directory.file, { sections, environment, nowMs: 0, pause: noPause, memory }),
      announce: (after) => void this.inForce.push(after.configuration),
      logger: this.logger,
      clock: this.clock,
      observer: this.observer,
    });
    this.watcher = new FileWatcher(this.clock, () => void this.reload());
  }

  static async create(): Promise<FollowedConfiguration> {
    const directory = await Directory.create();
    await directory.configure(aConfiguration());
    return new FollowedConfiguration(directory);
  }

  /** How the attempts to reload ended. */
  get results(): readonly ReloadResult[] {
    return this.observer.all;
  }

  get issuerIds(): readonly string[] | undefined {
    return this.inForce.at(-1)?.issuers.map(({ id }) => id);
  }

  /** Waits until so many attempts have ended. Time moves only when the kernel has told something, so no poll can help. */
  async attempts(count: number): Promise<void> {
    await vi.waitFor(
      async () => {
        if (this.clock.timers > 1) await this.clock.advance(200);
        if (this.results.length !== count) throw new Error(`${this.results.length} attempts instead of ${count}`);
      },
      { timeout: 10_000, interval: 10 },
    );
  }

  async start(): Promise<ActiveConfiguration> {
    const configuration = await this.reloader.start();
    await this.watcher.watch(this.reloader.files);
    return configuration;
  }

  async reload(): Promise<void> {
    await this.reloader.reload();
    await this.watcher.watch(this.reloader.files);
  }

  stop(): void {
    this.reloader.stop();
  }

  async remove(): Promise<void> {
    this.watcher.close();
    await this.directory.remove();
  }
}

/** {@link aConfiguration} with a change. */
export function configured(change: (raw: Raw) => unknown): Raw {
  const raw = aConfiguration();
  change(raw);
  return raw;
}

/** {@link aConfiguration} with another issuer. */
export function withIssuer(id: string): Raw {
  return configured((raw) => raw.issuers.push({ ...raw.issuers[0], id, issuer: `https://${id}.example` }));
}
