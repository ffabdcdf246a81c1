import { Module, type DynamicModule } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';

/** The configuration in force, for every module: each follows the sections that are its own. */
@Module({})
export class ConfigurationModule {
  /** @param configuration what was loaded at the start; the process replaces it when the file changes */
  static of(configuration: ActiveConfiguration): DynamicModule {
    const active = { provide: ActiveConfiguration, useValue: configuration };
    return { module: ConfigurationModule, global: true, providers: [active], exports: [active] };
  }
}
