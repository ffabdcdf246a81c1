import { checkCommand } from './check/check-command.js';
import { configShowCommand } from './config-show.js';
import { auditFindCommand } from './audit/audit-find.js';
import { explainCommand } from './explain/explain-command.js';
import { issuerAddCommand } from './keys/issuer-add.js';
import { keysCommand } from './keys/keys-command.js';
import { fleetCommand } from './service/fleet-command.js';
import { hygieneCommand } from './service/hygiene-command.js';
import { revocationsCommand, revokeCommand } from './service/revoke-commands.js';
import type { Command } from './command.js';
import { versionCommand } from './version.js';

/** Every command, in the order of the help: a new one is a file, and a line here. */
export const commands: readonly Command[] = [
  checkCommand,
  explainCommand,
  keysCommand,
  issuerAddCommand,
  configShowCommand,
  auditFindCommand,
  revokeCommand,
  revocationsCommand,
  fleetCommand,
  hygieneCommand,
  versionCommand,
];
