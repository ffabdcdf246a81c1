import { differ, type ConfigurationOf, type Sections } from '../shared/configuration/configuration-section.js';
import { isAuditAction, type Audit, type AuditAction } from '../telemetry/audit.js';

/** A part of a configuration that has a name: what an operator would say was changed. */
export interface NamedPart {
  /** The key of a section, or a kind and an id, such as `issuer corp`. */
  readonly name: string;
  /** Absent: the part is a whole section. */
  readonly member?: { readonly kind: string; readonly id: string };
}

/** What differs between two configurations: names and nothing else, so that it can be logged. */
export interface ConfigurationChanges {
  readonly added: readonly NamedPart[];
  readonly removed: readonly NamedPart[];
  readonly changed: readonly NamedPart[];
  /** Settings that changed and take effect only with the next start. */
  readonly needRestart: readonly string[];
}

/** What `after` changes. */
export function changesBetween<All extends Sections>(
  sections: All,
  before: ConfigurationOf<All>,
  after: ConfigurationOf<All>,
): ConfigurationChanges {
  const [old, young] = [partsOf(sections, before), partsOf(sections, after)];
  const both = [...young].flatMap(([name, part]) => {
    const earlier = old.get(name);
    return earlier ? [{ ...part, isChanged: differ(earlier.value, part.value) }] : [];
  });
  return {
    added: [...young.values()].filter(({ part }) => !old.has(part.name)).map(({ part }) => part),
    removed: [...old.values()].filter(({ part }) => !young.has(part.name)).map(({ part }) => part),
    changed: both.filter(({ isChanged }) => isChanged).map(({ part }) => part),
    needRestart: sections.flatMap((section) =>
      section.needsRestart(valueOf(before, section.key), valueOf(after, section.key)),
    ),
  };
}

/** The parts of a configuration with what is said of them, by their names. */
export function partsOf<All extends Sections>(
  sections: All,
  configuration: ConfigurationOf<All>,
): ReadonlyMap<string, { readonly part: NamedPart; readonly value: unknown }> {
  const all = sections.flatMap(({ key, parts }) => {
    const section = valueOf(configuration, key);
    if (!parts) return [{ part: { name: key }, value: section }];
    const { kind } = parts;
    return parts.of(section).map((value) => {
      const { id } = value;
      return { part: { name: `${kind} ${id}`, member: { kind, id } }, value };
    });
  });
  return new Map(all.map((each) => [each.part.name, each]));
}

function valueOf(configuration: Readonly<Record<string, unknown>>, key: string): unknown {
  return configuration[key];
}

/**
 * Writes down what comes into force with a configuration: which one it is, and what it changes, as names and never values.
 * Members of a kind that the audit trail has actions for (`issuer_added`) are written with them. At the start nothing is
 * added: what was there before is not known.
 */
export function auditChanges<All extends Sections>(audit: Audit, sections: All, { before, after }: Change<All>): void {
  audit.record('configuration_loaded', { digest: after.digest });
  if (!before) return;
  const changes = changesBetween(sections, before.configuration, after.configuration);
  for (const change of ['added', 'removed', 'changed'] as const) {
    for (const part of changes[change]) record(audit, change, part);
  }
}

/** Two configurations, one after the other. */
interface Change<All extends Sections> {
  /** Absent: the process starts. */
  readonly before: { readonly configuration: ConfigurationOf<All> } | undefined;
  readonly after: { readonly configuration: ConfigurationOf<All>; readonly digest: string };
}

type Kind = 'added' | 'removed' | 'changed';

function record(audit: Audit, change: Kind, part: NamedPart): void {
  const action = ownAction(change, part);
  if (action && part.member) audit.record(action, { [part.member.kind]: part.member.id });
  else audit.record('configuration_changed', { change, part: part.name });
}

/** The action of the audit trail for this kind of part, where there is one. */
function ownAction(change: Kind, { member }: NamedPart): AuditAction | undefined {
  const action = `${member?.kind ?? ''}_${change}`;
  return isAuditAction(action) ? action : undefined;
}
