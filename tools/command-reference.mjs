// The commands in docs/cli.md: what `assay help` says of each, and nothing else, so that the two cannot differ.
import { commands } from '../dist/cli/commands.js';
import { helpOf } from '../dist/cli/help.js';

export async function commandReference() {
  return commands.map((command) => `## assay ${command.name}\n\n\`\`\`text\n${helpOf(command)}\`\`\`\n`).join('\n');
}
