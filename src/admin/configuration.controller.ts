import { Controller, Get } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';

/** Which configuration is in force at this replica: to be compared with the file that it should have. */
@Controller('admin/v1/configuration')
export class ConfigurationController {
  constructor(private readonly configuration: ActiveConfiguration) {}

  @Get()
  show(): object {
    const { source, digest, sinceMs } = this.configuration.version;
    return { file: source, digest, since: new Date(sinceMs).toISOString() };
  }
}
