import { Controller, Get } from '@nestjs/common';
import { ActiveConfiguration, type IncludedFile } from '../shared/configuration/active-configuration.js';
import { iso } from './time-view.js';

/** Which configuration is in force at this replica: to be compared with the file that it should have. */
@Controller('admin/v1/configuration')
export class ConfigurationController {
  constructor(private readonly configuration: ActiveConfiguration) {}

  @Get()
  show(): object {
    const { source, digest, sinceMs, included = [] } = this.configuration.version;
    const whole = { file: source, digest, since: iso(sinceMs) };
    return included.length > 0 ? { ...whole, included: included.map(viewOf) } : whole;
  }
}

/** Most problems that are shown of one file: `assay check` shows all. */
const MOST_PROBLEMS = 20;

function viewOf({ problems, ...file }: IncludedFile): object {
  return { ...file, problemCount: problems.length, problems: problems.slice(0, MOST_PROBLEMS) };
}
