import { checkCommand } from './check/check-command.js';
import { configShowCommand } from './config-show.js';
import type { Command } from './command.js';
import { versionCommand } from './version.js';

/** Every command, in the order of the help: a new one is a file, and a line here. */
export const commands: readonly Command[] = [checkCommand, configShowCommand, versionCommand];
