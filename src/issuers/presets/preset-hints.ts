import type { Rejection } from '../../tokens/rejection.js';
import type { Issuer } from '../issuer.js';
import type { Hint, Preset } from './preset.js';
import { presetNamed, presets } from './presets.js';

/** Most hints; more would be a list of everything. */
const MOST_HINTS = 3;

/** What hints are found by, besides the reason of the refusal. */
export interface HintContext {
  /** All registrations. */
  readonly registered: readonly Issuer[];
  /** Its `iss`, where it could be read. */
  readonly iss?: string | undefined;
}

/**
 * What is probably wrong with a refused token, from what is known of providers: of the provider whose preset its registration names; where no registration
 * was found, of the one whose tokens have such an `iss`; of a token that does not say whose it is, of those in use here. For operators.
 */
export function presetHints(
  { code, detail, issuerId }: Rejection,
  { registered, iss }: HintContext,
): readonly string[] {
  const issuer = registered.find(({ id }) => id === issuerId);
  if (issuer) {
    const preset = presetNamed(issuer.preset);
    const hints = preset?.hints.filter((hint) => fits(hint, code, detail)) ?? [];
    return hints.map(({ text }) => text).slice(0, MOST_HINTS);
  }
  const whose = code === 'issuer_unknown' && iss !== undefined ? hintsForIdentifier(iss, registered) : [];
  if (whose.length > 0) return whose;
  const inUse = new Set(registered.flatMap(({ preset }) => preset ?? []));
  const named = [...inUse].flatMap((name) => presetNamed(name) ?? []);
  const hints = named.flatMap(({ title, hints: all }) =>
    all.filter((hint) => fits(hint, code, detail, iss)).map(({ text }) => `${title}: ${text}`),
  );
  return hints.slice(0, MOST_HINTS);
}

function fits(hint: Hint, code: Rejection['code'], detail: string | undefined, iss?: string): boolean {
  const isAbout = (hint.claim ?? detail) === detail && (hint.iss ?? iss) === iss;
  return hint.code === code && isAbout;
}

function hintsForIdentifier(iss: string, registered: readonly Issuer[]): readonly string[] {
  return [...presets.values()]
    .filter((preset) => preset.issuer.isTelling === true && preset.issuer.pattern?.test(iss))
    .map((preset) =>
      hintFor(
        preset,
        registered.some((issuer) => issuer.preset === preset.name),
      ),
    )
    .slice(0, MOST_HINTS);
}

function hintFor({ name, title, refusal }: Preset, isInUse: boolean): string {
  if (refusal !== undefined) return `${title}: ${refusal}`;
  const what = isInUse
    ? 'another one than is registered'
    : `which is not registered; there is a preset for it, ${name}`;
  return `${title}: ${what}`;
}
