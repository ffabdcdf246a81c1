// What the comparison has found, for people and for programs.

/** Longest text of a message or an answer that is shown whole. */
const LONGEST = 1_500;

/** Kinds that are named beside a change; all of them are in the JSON. */
const KINDS_SHOWN = 3;

/** Everything as plain data; of what differs, the most frequent comes first. */
export function reportOf(comparison, { directories, seconds }) {
  const { seed, cases, messages, respelled, services } = comparison;
  return {
    seed,
    cases,
    messages,
    seconds: Math.round(seconds),
    old: directories[0],
    new: directories[1],
    statuses: Object.fromEntries(comparison.statuses),
    differences: ordered(comparison.differences),
    unsteady: ordered(comparison.unsteady),
    respelled,
    errors: { old: Object.fromEntries(services[0].errors), new: Object.fromEntries(services[1].errors) },
  };
}

function ordered(classes) {
  return [...classes.values()].sort((one, other) => other.count - one.count);
}

/** Classes with the same change as one: what changed needs one explanation, whatever kinds of messages show it. */
function byChange(classes) {
  const changes = new Map();
  for (const { kind, change, count, example } of classes) {
    const known = changes.get(change) ?? { change, count: 0, kinds: [], example };
    changes.set(change, { ...known, count: known.count + count, kinds: [...known.kinds, kind] });
  }
  return ordered(changes);
}

/** A report as text: tables, and an example of each change. */
export function textOf(report) {
  const { messages, cases, seconds, seed, differences, unsteady, respelled, errors } = report;
  const speed = Math.round(messages / Math.max(1, seconds));
  return [
    `${messages} messages in ${cases} cases of seed ${seed}, in ${seconds} s (${speed} messages a second)`,
    `answers: ${Object.entries(report.statuses)
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ')}`,
    ...(differences.length === 0 ? ['no differences'] : ['', 'Differences:', tableOf(differences)]),
    ...(unsteady.length === 0 ? [] : ['', 'Decided by chance, with outcomes that both have:', tableOf(unsteady)]),
    ...(respelled.count === 0
      ? []
      : [`${respelled.count} cases differ in the order or the case of header names alone`]),
    ...['old', 'new'].flatMap((name) =>
      Object.entries(errors[name]).map(([text, count]) => `logged by ${name}, ${count} times: ${text}`),
    ),
    ...byChange(differences).map(
      ({ kinds, change, example }) => `\n== ${kinds[0]}: ${change}\n${exampleText(example)}`,
    ),
  ].join('\n');
}

function tableOf(classes) {
  const rows = byChange(classes).map(({ count, change, kinds, example }) => {
    const more = kinds.length > KINDS_SHOWN ? `; ${kinds.length - KINDS_SHOWN} more` : '';
    return [String(count), String(example.case), change, kinds.slice(0, KINDS_SHOWN).join('; ') + more];
  });
  const all = [['count', 'case', 'old → new', 'kinds'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.min(60, Math.max(...all.map((row) => row[column].length))));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What was sent, in which pieces, and what came back. */
export function exampleText({ case: index, pieces, end, isTrusted, old, new: latest }) {
  return [
    `case ${index}, from ${isTrusted ? 'a trusted proxy' : 'anybody'}, then ${end}`,
    ...pieces.map((piece, i) => `-- piece ${i + 1} of ${pieces.length}\n${readable(piece)}`),
    `-- old\n${outcomeText(old)}`,
    `-- new\n${outcomeText(latest)}`,
  ].join('\n');
}

function outcomeText({ received, endedIn, isReset }) {
  const phases = ['before the probe', 'after the probe', "after the client's end"];
  const texts = received.map((text, i) => (text === '' ? undefined : `[${phases[i]}]\n${readable(text)}`));
  const end = phases[endedIn] === undefined ? '[never closed]' : `[${isReset ? 'reset' : 'closed'} ${phases[endedIn]}]`;
  return [...texts.filter((text) => text !== undefined), end].join('\n');
}

/** Octets as text: line ends make lines and are shown, everything else that is not ASCII is escaped. */
export function readable(text) {
  const shown =
    text.length <= LONGEST
      ? text
      : `${text.slice(0, LONGEST / 2)}…${text.length - LONGEST} more…${text.slice(-LONGEST / 2)}`;
  return shown
    .replace(/[^\x20-\x7e…]/g, (octet) => {
      const known = { '\r': '\\r', '\n': '\\n\n', '\t': '\\t' }[octet];
      return known ?? `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`;
    })
    .trimEnd();
}
