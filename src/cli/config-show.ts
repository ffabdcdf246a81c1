import { stringify } from 'yaml';
import { ConfigurationFile } from '../app/sections.js';
import { closest } from '../shared/configuration/closest.js';
import { showSection } from '../shared/configuration/show-section.js';
import { WrongCall, command, exitCodes, jsonOption, type CommandHost, type ExitCode } from './command.js';
import { loadFile } from './load-file.js';

/** `assay config show`: the configuration as it would be in force, so that nobody has to work out defaults and presets. */
export const configShowCommand = command({
  name: 'config show',
  summary: 'shows a configuration as it would be in force, with every default, and no secret',
  operands: [{ name: 'FILE', isOptional: true }],
  options: { section: { argument: 'NAME', help: 'only this section, such as issuers' }, json: jsonOption },
  description: `Reads FILE as the service does, and prints what would be in force: with every default, with what presets
fill in, and with the issuers and callers of included files. Of a secret nothing is shown, of a file
only its name. The first line has the digest by which a running service names the same configuration
(GET /admin/v1/configuration, assay_config_info). Without FILE: the file that the service would take.
`,
  ends: [
    [exitCodes.good, 'it is shown'],
    [exitCodes.configuration, 'the configuration is wrong: every problem is on standard error'],
  ],
  examples: [
    'assay config show assay.yaml',
    'assay config show assay.yaml --section issuers',
    "assay config show --json | jq '.configuration.issuers[] | {id, algorithms}'",
  ],
  run: ({ operands, options }, host) => show(operands[0], options.section, options.json, host),
});

async function show(
  named: string | undefined,
  section: string | undefined,
  isJson: boolean,
  host: CommandHost,
): Promise<ExitCode> {
  const { file, digest = '', good, message = '' } = await loadFile(named, host);
  if (!good) {
    host.printError(`${message.trimEnd()}\n`);
    return exitCodes.configuration;
  }
  const whole = showSection(ConfigurationFile, good.configuration);
  const configuration = section === undefined ? whole : partOf(whole, section);
  if (isJson) host.print(`${JSON.stringify({ file, digest, configuration })}\n`);
  else host.print(`# ${file}, SHA-256 ${digest}\n${stringify(configuration, { lineWidth: 0 })}`);
  return exitCodes.good;
}

/** @throws {WrongCall} */
function partOf(whole: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  if (Object.hasOwn(whole, name)) return { [name]: whole[name] };
  const near = closest(name, Object.keys(whole));
  const hint = near === undefined ? `; there are ${Object.keys(whole).join(', ')}` : `; did you mean ${near}?`;
  throw new WrongCall(`the configuration has no section "${name.slice(0, 80)}"${hint}`);
}
