import { describe } from '../../shared/configuration/describe.js';
import type { Place } from '../../shared/configuration/place.js';
import { isMapping, type Mapping } from '../../shared/configuration/read-section.js';
import type { Ask, AskedRule, Preset } from './preset.js';
import { presetNamed } from './presets.js';

/**
 * A registration as it is written, with what its preset knows filled in where it says nothing, so that it is read and judged as if all of that were
 * written there. What it says itself stands: a list or a place of keys instead of the preset's, a rule instead of the preset's rules for the same claim. To claims that are
 * required it adds, because those of the preset keep other kinds of tokens out; only an empty list requires nothing.
 * @param written any value; what is no registration with a preset is given back as it is
 */
export function fillInPreset(written: unknown, place: Place): unknown {
  if (!isMapping(written)) return written;
  const preset = presetNamed(written['preset']);
  if (!preset) return written;
  if (preset.refusal !== undefined) {
    place.at('preset').refuse(preset.name, `no registration: ${preset.refusal}`);
    return written;
  }
  const identifier = written['issuer'] ?? preset.issuer.default;
  warnOfForeignIdentifier(preset, identifier, place);
  for (const ask of preset.asks) refuseUnlessAnswered(ask, { written, preset, place });
  return filledIn(written, {
    ...(identifier !== undefined && { issuer: identifier }),
    ...knownOf(preset, identifier, written),
  });
}

/** What a preset says of a registration with this identifier. */
function knownOf({ defaults, derived }: Preset, identifier: unknown, written: Mapping): Mapping {
  return { ...defaults, ...(derived && typeof identifier === 'string' ? derived(identifier, written) : {}) };
}

function filledIn(written: Mapping, known: Mapping): Mapping {
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== null));
  const rules = rulesOf(given['rules'], known['rules']);
  const requiredClaims = requiredOf(given['requiredClaims'], known['requiredClaims']);
  return { ...known, ...given, ...(rules && { rules }), ...(requiredClaims && { requiredClaims }) };
}

/** The claims that both require; what is no list is refused where it is read. */
function requiredOf(given: unknown, known: unknown): readonly unknown[] | undefined {
  if (!isList(known) || !isList(given) || given.length === 0) return undefined;
  return [...known.filter((claim) => !given.includes(claim)), ...given];
}

/** The rules of the file, behind those of the preset for claims that the file does not rule. */
function rulesOf(given: unknown, known: unknown): readonly unknown[] | undefined {
  if (!isList(known)) return undefined;
  if (given === undefined) return known;
  // What is no list is refused where it is read.
  if (!isList(given)) return undefined;
  const ruled = new Set(given.map(claimOf));
  return [...known.filter((rule) => !ruled.has(claimOf(rule))), ...given];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function claimOf(rule: unknown): string | undefined {
  return isMapping(rule) ? JSON.stringify(rule['claim']) : undefined;
}

function warnOfForeignIdentifier({ issuer, name }: Preset, identifier: unknown, place: Place): void {
  if (typeof identifier !== 'string' || !issuer.pattern || issuer.pattern.test(identifier)) return;
  const { expected, example } = issuer;
  const asIn = example === undefined ? '' : `, as in ${example}`;
  place.at('issuer').warn(describe(identifier), `for preset ${name} ${expected}${asIn}`);
}

interface Registration {
  readonly written: Mapping;
  readonly preset: Preset;
  readonly place: Place;
}

function refuseUnlessAnswered(ask: Ask, { written, preset, place }: Registration): void {
  if ('rule' in ask) {
    if (isRuled(ask, written)) return;
    const claims = ask.rule.join(', ');
    const found = `no rule for ${ask.rule.length === 1 ? claims : `one of ${claims}`}`;
    const expected = `with preset ${preset.name} ${ask.expected}`;
    if (ask.isAdvice) place.at('rules').warn(found, expected);
    else place.at('rules').refuse(found, expected);
  } else if ((written[ask.setting] ?? undefined) === undefined && !(ask.setting in preset.defaults)) {
    place.at(ask.setting).refuse('nothing', `with preset ${preset.name} ${ask.expected}; it must be written out`);
  }
}

function isRuled({ rule }: AskedRule, { rules }: Mapping): boolean {
  if (!isList(rules)) return false;
  return rules.some((each) => isMapping(each) && each['optional'] !== true && rule.includes(each['claim'] as string));
}
