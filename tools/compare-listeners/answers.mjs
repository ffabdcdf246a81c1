// Reads what a service has said, and says in few words what it came to.

/**
 * @typedef {object} Answer
 * @property {string} statusLine
 * @property {readonly string[]} headers lines, names in lower case, sorted; without what no two answers share
 * @property {string} body
 */

/** The status of an answer, as it is written. */
export const statusOf = ({ statusLine }) => statusLine.split(' ')[1] ?? '?';

/**
 * Takes the octets of a connection apart. What is no answer ends the list as one with a status line that is none.
 * @param {string} text latin1
 * @returns {Answer[]}
 */
export function answersIn(text) {
  const answers = [];
  for (let rest = text; rest !== '';) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0 || !rest.startsWith('HTTP/'))
      return [...answers, { statusLine: `no answer: ${rest}`, headers: [], body: '' }];
    const [statusLine, ...lines] = rest.slice(0, headEnd).split('\r\n');
    const headers = lines
      .map(withLowerCaseName)
      .filter((line) => !line.startsWith('date:'))
      .map(withoutSeconds)
      .sort();
    const following = rest.slice(headEnd + 4);
    const body = following.slice(0, bodyLength(statusLine, headers, following));
    answers.push({ statusLine, headers, body });
    rest = following.slice(body.length);
  }
  return answers;
}

/** Without the request nobody knows whether there is a body: the answer to HEAD has a length and none. No body of ours begins like an answer. */
function bodyLength(statusLine, headers, following) {
  const status = Number(statusLine.split(' ')[1]);
  if (status < 200 || status === 204 || status === 304 || following.startsWith('HTTP/1.')) return 0;
  const length = headers.find((line) => line.startsWith('content-length:'));
  if (length !== undefined) return Number(length.slice('content-length:'.length));
  if (!headers.some((line) => line.startsWith('transfer-encoding:'))) return following.length;
  const end = following.indexOf('0\r\n\r\n');
  return end < 0 ? following.length : end + 5;
}

function withLowerCaseName(line) {
  const colon = line.indexOf(':');
  return colon < 0 ? line : line.slice(0, colon).toLowerCase() + line.slice(colon);
}

/** How many they are depends on the moment. */
function withoutSeconds(line) {
  return line.startsWith('retry-after:') ? line.replace(/\d+/, 'n') : line;
}

/**
 * All of an outcome that has to be the same, as one text.
 * @param {import('./connection.mjs').Outcome} outcome
 */
export function keyOf({ received, endedIn, isReset }) {
  return JSON.stringify([received.map(answersIn), endedIn, isReset]);
}

/** The same for the octets themselves: where they are the same, so is everything. */
export function rawKeyOf({ received, endedIn, isReset }) {
  return `${received.map((text) => text.replace(/\r\n(?:date: [^\r]*|retry-after: \d+)/gi, '')).join('\0')}\0${endedIn}${isReset}`;
}

/** `200 401, probe 200, stays open`: what the messages of a case were answered, and what the connection was good for afterwards. */
export function summaryOf({ received, endedIn, isReset, isProbed }) {
  const [before, afterProbe, afterEnd] = received.map((text) => answersIn(text).map(statusOf).join(' '));
  const closed = isReset ? 'reset' : 'closed';
  return [
    before || 'no answer',
    ...(isProbed ? [`probe ${afterProbe || 'not answered'}`] : []),
    ...(afterEnd === '' ? [] : [`at the end ${afterEnd}`]),
    [closed, `${closed} after the probe`, isReset ? 'reset at the end' : 'stays open', 'never closed'][endedIn],
  ].join(', ');
}

/** How often each status occurs in what was received. @param {Map<string, number>} counts to add to */
export function countStatuses({ received }, counts) {
  for (const text of received) {
    for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d{3})/g)) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
}

/**
 * What changed from one outcome to the other: the two summaries, or where these are the same, the first thing that differs.
 * @returns {string}
 */
export function changeBetween(old, latest) {
  const [before, after] = [summaryOf(old), summaryOf(latest)];
  if (before !== after) return `${before} → ${after}`;
  const [oldAnswers, newAnswers] = [old, latest].map(({ received }) => received.flatMap(answersIn));
  for (const [i, one] of oldAnswers.entries()) {
    const change = firstChange(one, newAnswers[i]);
    if (change) return `${before}: ${change}`;
  }
  return `${before}: other moments`;
}

function firstChange(one, other = { statusLine: '', headers: [], body: '' }) {
  if (one.statusLine !== other.statusLine) return `${one.statusLine} → ${other.statusLine}`;
  const gone = one.headers.filter((line) => !other.headers.includes(line));
  const come = other.headers.filter((line) => !one.headers.includes(line));
  const names = new Set([...gone, ...come].map((line) => line.split(':', 1)[0]));
  if (names.size > 0) {
    const [name] = names;
    const shown = (lines) => lines.filter((line) => line.startsWith(`${name}:`)).join(', ') || `no ${name}`;
    return `${shown(gone)} → ${shown(come)}`;
  }
  return one.headers.join() === other.headers.join()
    ? one.body === other.body
      ? undefined
      : 'body'
    : 'repeated header';
}

/** Index of the first message whose answer differs, as far as answers and messages go side by side. */
export function firstDifference(old, latest) {
  const [oldAnswers, newAnswers] = [old, latest].map(({ received }) => answersIn(received[0]));
  const at = oldAnswers.findIndex((one, i) => firstChange(one, newAnswers[i]) !== undefined);
  return at < 0 ? oldAnswers.length : at;
}
