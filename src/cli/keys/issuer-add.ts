import { GuardedHttp } from '../../keys/source/guarded-http.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import { presets } from '../../issuers/presets/presets.js';
import { presetNames, type Preset, type PresetName } from '../../issuers/presets/preset.js';
import { closest } from '../../shared/configuration/closest.js';
import { WrongCall, command, exitCodes, jsonOption } from '../command.js';
import { keyRows } from './key-rows.js';
import { sayFailure } from './keys-command.js';
import { networkFrom, networkOptions, soundUrl } from './network-options.js';
import { findKeySet } from './published-key-set.js';
import { draftRegistration, registrationText } from './registration-text.js';

/** `assay issuer add`: a registration to paste, from what the issuer itself publishes, with what only its reader can know left open. */
export const issuerAddCommand = command({
  name: 'issuer add',
  summary: 'prints the registration of an issuer, to be pasted into the configuration',
  operands: [{ name: 'URL' }],
  options: {
    preset: { argument: 'NAME', help: 'the provider, such as auth0 or entra-v2; all: docs/providers/' },
    id: { argument: 'ID', help: 'its short name in metrics and logs; by default made of the host' },
    audience: { argument: 'AUD', help: 'what aud of its access tokens says of your API' },
    ...networkOptions,
    json: jsonOption,
  },
  description: `URL is that of an issuer, of its metadata, or of its key set. Asks it once, and prints YAML for the list
issuers: where its keys are, and the algorithms that its published keys are for. Changes no file. What
nobody can find out, above all audiences, is left open: assay check says so until it is filled in.
With --preset only what differs from the provider's usual tokens is printed.
`,
  ends: [
    [exitCodes.good, 'it is printed'],
    [exitCodes.no, 'there can be no such registration: none of its keys can be used, or its tokens are opaque'],
    [exitCodes.unavailable, 'the issuer does not answer as it must: the reason is on standard error'],
  ],
  examples: [
    'assay issuer add https://login.corp.example',
    'assay issuer add https://corp.eu.auth0.com/ --preset auth0 --audience https://orders.corp.example',
    'assay issuer add https://login.corp.example --audience https://orders.corp.example >> issuers.d/corp.yaml',
  ],
  run: async ({ operands: [text = ''], options }, host) => {
    const network = networkFrom(options);
    const url = soundUrl(text, network);
    const preset = options.preset === undefined ? undefined : presetOf(options.preset);
    if (preset?.refusal !== undefined) {
      host.printError(`assay: there is no registration for ${preset.title}: ${preset.refusal}\n`);
      return exitCodes.no;
    }
    try {
      const found = await findKeySet(url, { http: new GuardedHttp(), clock: host.clock, network });
      const keys = keyRows(found.entries);
      if (!keys.some(({ isUsable }) => isUsable)) {
        host.printError('assay: none of its keys can be used: assay keys URL says why\n');
        return exitCodes.no;
      }
      const registration = draftRegistration({ ...options, url, found, keys, preset });
      host.print(options.json ? `${JSON.stringify(registration.members)}\n` : registrationText(registration));
      return exitCodes.good;
    } catch (error) {
      if (error instanceof WrongCall) throw error;
      return sayFailure(KeyFetchFailure.of(error), host);
    }
  },
});

/** @throws {WrongCall} */
function presetOf(name: string): Preset {
  const preset = presets.get(name as PresetName);
  if (preset) return preset;
  const near = closest(name, presetNames);
  const hint = near === undefined ? `; there are ${presetNames.join(', ')}` : `; did you mean ${near}?`;
  throw new WrongCall(`there is no preset "${name.slice(0, 80)}"${hint}`);
}
