import { amazonPresets } from './amazon-presets.js';
import { googlePresets } from './google-presets.js';
import { hostedPresets } from './hosted-presets.js';
import { kubernetesPresets } from './kubernetes-presets.js';
import { microsoftPresets } from './microsoft-presets.js';
import { pipelinePresets } from './pipeline-presets.js';
import { presetNames, type Preset, type PresetName } from './preset.js';
import { selfHostedPresets } from './self-hosted-presets.js';

const all = [
  ...microsoftPresets,
  ...amazonPresets,
  ...hostedPresets,
  ...googlePresets,
  ...pipelinePresets,
  ...kubernetesPresets,
  ...selfHostedPresets,
];

/** Every preset by its name, in the order of {@link presetNames}. */
export const presets: ReadonlyMap<PresetName, Preset> = new Map(
  presetNames.flatMap((name) => all.filter((preset) => preset.name === name).map((preset) => [name, preset] as const)),
);

/** The preset of this name. */
export function presetNamed(name: unknown): Preset | undefined {
  return presets.get(name as PresetName);
}
