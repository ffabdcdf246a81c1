import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertRules, textOf } from './support/alert-rules.js';
import { alertCases } from './support/alert-cases.js';

type LabelSet = Readonly<Record<string, string>>;

/** One rule of Alertmanager, as somebody pastes it. */
interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

const [, chapter = ''] = textOf('docs', 'operations.md').split('\n## One message for one cause\n');
const [, pasted = ''] = /```yaml\n([^]*?)```/.exec(chapter) ?? [];
const { inhibit_rules: rules } = parse(pasted) as { readonly inhibit_rules: readonly InhibitRule[] };

/** Every alert with the labels that it has when it fires, once for each case that there is of it. */
const firing: readonly LabelSet[] = alertCases.map(({ alert, severity, about }) => ({
  alertname: alert,
  severity,
  ...(alert === 'AssayAbsent' ? {} : { namespace: 'auth', job: 'assay' }),
  ...about,
}));

/** What one matcher asks for, in the two spellings that are used. */
function matches(matcher: string, labels: LabelSet): boolean {
  const [, label = '', operator, value = ''] = /^(\w+)(=~?)"(.*)"$/.exec(matcher) ?? [];
  expect(operator, `${matcher} is no matcher that this test knows`).toBeDefined();
  const found = labels[label] ?? '';
  return operator === '=~' ? new RegExp(`^(?:${value})$`).test(found) : found === value;
}

const matching = (matchers: readonly string[]): readonly LabelSet[] =>
  firing.filter((labels) => matchers.every((matcher) => matches(matcher, labels)));

/** As Alertmanager does it: a label that both do not have is the same. */
function silences({ source_matchers, target_matchers, equal = [] }: InhibitRule, source: LabelSet, target: LabelSet) {
  return (
    source !== target &&
    source_matchers.every((matcher) => matches(matcher, source)) &&
    target_matchers.every((matcher) => matches(matcher, target)) &&
    equal.every((label) => (source[label] ?? '') === (target[label] ?? ''))
  );
}

/** Those of the alerts that somebody still gets. */
const heard = (names: readonly string[]): readonly string[] => {
  const all = names.map((name) => {
    const [alertname, severity] = name.split(' ');
    return firing.find((labels) => labels['alertname'] === alertname && labels['severity'] === severity)!;
  });
  return all
    .filter((target) => !all.some((source) => rules.some((rule) => silences(rule, source, target))))
    .map(({ alertname, severity }) => `${alertname} ${severity}`);
};

describe.each(rules.map((rule) => [rule.source_matchers.join(' '), rule] as const))(
  'what %s silences',
  (_name, rule) => {
    const [sources, targets] = [matching(rule.source_matchers), matching(rule.target_matchers)];

    it('names alerts that there are, and each of them', () => {
      const written = [...rule.source_matchers, ...rule.target_matchers].join(' ').matchAll(/Assay\(?([\w|]+)/g);
      const names = [...written].flatMap(([, list = '']) => list.split('|').map((name) => `Assay${name}`));
      const known = new Set(alertRules.map(({ alert }) => alert));
      expect(names.filter((name) => !known.has(name))).toEqual([]);
      expect(sources.length).toBeGreaterThan(0);
      expect(targets.length).toBeGreaterThan(0);
    });

    it('is about the same things: both have the labels that must be equal', () => {
      for (const label of rule.equal ?? []) {
        for (const labels of [...sources, ...targets])
          expect(Object.keys(labels), labels['alertname']).toContain(label);
      }
    });
  },
);

describe('the rules that let causes silence their symptoms', () => {
  it('silence no page for the sake of a warning, and no evidence at all', () => {
    const evidence = /Assay(Denial|Audit|RecordNotBelieved|RemovedKey|MassRemoval|SecretKey|ProofKey|NoUsableKeys)/;
    for (const source of firing) {
      for (const target of firing) {
        if (!rules.some((rule) => silences(rule, source, target))) continue;
        expect([source['severity'], target['severity']]).not.toEqual(['warn', 'page']);
        expect(target['alertname']).not.toMatch(evidence);
      }
    }
  });

  it.each([
    [['AssayKeysExpired page', 'AssayHardLimitNear page', 'AssayKeySetStale warn', 'AssayFetchFailing warn'], 1],
    [['AssayRedisBreakerOpen warn', 'AssayAutonomous warn', 'AssaySubscriptionSilent warn'], 1],
    [['AssayRedisBreakerOpen warn', 'AssaySignalStreamDown warn'], 1],
    [['AssayAnswersMissing page', 'AssayAnswersMissing warn'], 1],
    [['AssayAnswersMissing page', 'AssayAnswersLate page', 'AssayKeysExpired page'], 3],
    [['AssayUpstreamCredentialsRefused page', 'AssayUpstreamGivenUp page', 'AssayUpstreamFailing warn'], 1],
    [['AssayUnknownKeyFlood warn', 'AssayUndeterminedKeysRefused warn'], 1],
  ])('of %j leave the first %i', (names, left) => {
    expect(heard(names)).toEqual(names.slice(0, left));
  });
});
