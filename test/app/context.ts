import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { AssayModule } from '../../src/app/assay.module.js';
import { sections } from '../../src/app/sections.js';
import { ConfigurationReloader } from '../../src/config/configuration-reloader.js';
import { loadDemoConfiguration } from '../../src/config/load-configuration.js';
import { NestLogger } from '../../src/telemetry/nest-logger.js';
import { pausesBy } from '../../src/shared/pause.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { RecordingLogger } from '../fakes/recording-logger.js';

/** The composed service of a test, built and not started: `init()` starts it, `close()` stops it. */
export interface TestContext {
  readonly module: TestingModule;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly audit: RecordingAudit;
  /** Reads the files that the configuration names again, and applies what has changed. */
  readonly reload: () => Promise<unknown>;
}

/**
 * Composes the whole service over a configuration, with a clock that stands still.
 * @param file content of the configuration file; its secrets may be literal
 * @param override puts other providers in the place of some
 */
export async function composed(
  file: object,
  override: (builder: TestingModuleBuilder) => TestingModuleBuilder = (builder) => builder,
): Promise<TestContext> {
  const [clock, logger, audit] = [new FakeClock(), new RecordingLogger(), new RecordingAudit()];
  const options = { sections, environment: {}, nowMs: clock.wallMs(), pause: pausesBy(clock) };
  const reloader = new ConfigurationReloader({
    sections,
    load: () => loadDemoConfiguration(file, options),
    announce: () => undefined,
    logger,
    clock,
  });
  const process = { clock, logger, audit, replica: 'test-1' };
  const builder = Test.createTestingModule({ imports: [AssayModule.of(process, await reloader.start())] });
  const module = await override(builder).setLogger(new NestLogger(logger)).compile();
  return { module, clock, logger, audit, reload: () => reloader.reload() };
}
