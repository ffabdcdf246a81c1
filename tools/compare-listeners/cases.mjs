// What is sent: case i of a seed is a plan, which becomes the octets of one connection and the pieces in which they are written.
import { contentMutations, framingMutations } from './body-mutations.mjs';
import { headerMutations } from './header-mutations.mjs';
import { lineMutations } from './line-mutations.mjs';
import { octetMutations } from './octet-mutations.mjs';
import { spellingMutations } from './spelling-mutations.mjs';
import { introspection, requests, requestWeights } from './requests.mjs';
import { basic } from './message.mjs';
import { Random } from './random.mjs';

/** In the order in which they are applied: each stage works on what the one before has made. */
const stages = [contentMutations, framingMutations, headerMutations, spellingMutations, lineMutations, octetMutations];

/** Mutations that make much work for their octets. */
const rare = { 'body-limit': 0.3, 'chunk-extension': 0.7, many: 0.7, long: 0.7, 'long-target': 0.7 };

const mutationWeights = stages.flatMap((stage) => Object.keys(stage).map((name) => [rare[name] ?? 1, name]));

/**
 * @typedef {object} Plan what to send, in words that can be left out one by one
 * @property {number} index
 * @property {readonly { request: string, seed: number, mutations: readonly { name: string, seed: number }[] }[]} messages
 * @property {{ style: 'whole' | 'messages' | 'random' | 'edges', seed: number }} pieces
 * @property {number} [cutSeed] the last message ends early
 * @property {'probe' | 'end' | 'half-close' | 'silence'} end what the client does when it has written all: it sends the probe;
 *   it waits for answers and ends its side; it ends its side together with the last piece; it waits for the service to close
 * @property {boolean} isTrusted whether it connects from an address of a trusted proxy
 */

/** @typedef {{ pieces: readonly Buffer[], messages: number, end: Plan['end'], isTrusted: boolean }} Case */

/**
 * The plan of case `index`, a function of both arguments alone.
 * @returns {Plan}
 */
export function planOf(seed, index) {
  const random = new Random(seed, index);
  const isTrusted = random.chance(0.85);
  const whole = { style: 'whole', seed: 0 };
  if (random.chance(1 / 4_000)) {
    const guesses = Array.from({ length: 103 }, () => ({ request: 'guess', seed: index, mutations: [] }));
    return { index, messages: guesses, pieces: whole, end: 'half-close', isTrusted };
  }
  if (random.chance(1 / 3_000)) {
    return { index, messages: [messagePlan(random)], pieces: whole, cutSeed: random.next(), end: 'silence', isTrusted };
  }
  const count = random.weighted([
    [45, 1],
    [28, 2],
    [15, 3],
    [12, random.between(4, 10)],
  ]);
  const style = random.weighted([
    [62, 'whole'],
    [12, 'messages'],
    [16, 'random'],
    [10, 'edges'],
  ]);
  return {
    index,
    // Most of a long sequence is in order, so that a fault in it has something to follow and to precede.
    messages: Array.from({ length: count }, () => messagePlan(random, count > 3 ? 0.2 : 0.75)),
    pieces: { style, seed: random.next() },
    ...(random.chance(0.07) && { cutSeed: random.next() }),
    end: random.weighted([
      [75, 'probe'],
      [15, 'end'],
      [10, 'half-close'],
    ]),
    isTrusted,
  };
}

function messagePlan(random, mutated = 0.5) {
  const request = random.weighted(requestWeights);
  const seed = random.next();
  const count = random.chance(mutated)
    ? random.weighted([
        [70, 1],
        [23, 2],
        [7, 3],
      ])
    : 0;
  const names = new Set(Array.from({ length: count }, () => random.weighted(mutationWeights)));
  return { request, seed, mutations: [...names].map((name) => ({ name, seed: random.next() })) };
}

/**
 * @param {Plan} plan
 * @param {import('./world.mjs').World} world
 * @returns {Case}
 */
export function caseOf(plan, world) {
  const texts = plan.messages.map((message) => textOf(message, world));
  if (plan.cutSeed !== undefined) {
    const last = texts.at(-1);
    texts[texts.length - 1] = last.slice(0, new Random(plan.cutSeed).below(last.length + 1));
  }
  const bytes = Buffer.from(texts.join(''), 'latin1');
  const { end, isTrusted } = plan;
  return { pieces: piecesOf(bytes, offsetsOf(plan.pieces, texts)), messages: texts.length, end, isTrusted };
}

/** @returns {string} latin1 */
function textOf({ request, seed, mutations }, world) {
  const random = new Random(seed);
  const message = request === 'guess' ? guess(random, world) : requests[request](random, world);
  let text;
  for (const stage of stages) {
    if (stage === octetMutations) text = message.toText();
    for (const mutation of mutations) {
      const mutate = stage[mutation.name];
      if (!mutate) continue;
      const result = mutate(text ?? message, new Random(mutation.seed), world);
      if (text !== undefined) text = result;
    }
  }
  return text;
}

/** The same wrong credentials each time, of a client id that nobody else uses. */
function guess(random, world) {
  return introspection(random, world, basic(`guessed-${random.word(12)}`, 'a-wrong-secret'));
}

function offsetsOf({ style, seed }, texts) {
  const random = new Random(seed);
  const all = texts.join('');
  switch (style) {
    case 'whole':
      return [];
    case 'messages':
      return texts.slice(0, -1).map((_, i) => texts.slice(0, i + 1).join('').length);
    case 'random':
      return Array.from({ length: random.between(1, 4) }, () => random.below(all.length + 1));
    case 'edges': {
      // Around line ends: there the state of a parser changes.
      const edges = [...all.matchAll(/\r?\n|:|\r/g)].slice(0, 500).map(({ index }) => index);
      return Array.from(
        { length: random.between(1, 6) },
        () => (edges.length ? random.pick(edges) : 0) + random.below(3),
      );
    }
  }
}

function piecesOf(bytes, offsets) {
  const ordered = [0, ...[...new Set(offsets)].sort((a, b) => a - b), bytes.length];
  const pieces = ordered.slice(1).map((end, i) => bytes.subarray(ordered[i], end));
  return pieces.filter((piece) => piece.length > 0);
}

/** What the plan is about, without anything that differs from case to case. */
export function kindOf({ messages, pieces, cutSeed, end }) {
  const names = messages.map(({ request, mutations }) =>
    [request.split('-')[0], ...mutations.map(({ name }) => name).sort()].join('+'),
  );
  const manner = [
    ...(pieces.style === 'whole' ? [] : [`in pieces (${pieces.style})`]),
    ...(cutSeed === undefined ? [] : ['cut']),
    ...(end === 'probe' ? [] : [end]),
  ];
  return [names.length > 10 ? `${names.length} of ${names[0]}` : names.join(' | '), ...manner].join(', ');
}

/** Plans with less in them, the smallest first. Where one of them makes the same difference, it says better what matters. */
export function* simplerThan(plan) {
  const alone = {
    pieces: { style: 'whole', seed: 0 },
    cutSeed: undefined,
    end: plan.end === 'silence' ? 'silence' : 'probe',
  };
  const kept = plan.messages.flatMap((message) => [
    { ...message, mutations: [] },
    ...message.mutations.map((mutation) => ({ ...message, mutations: [mutation] })),
    ...(message.mutations.length > 1 ? [message] : []),
  ]);
  for (const message of kept) yield { ...plan, messages: [message], ...alone };
  for (const message of kept) yield { ...plan, messages: [message] };
  if (plan.messages.length > 2)
    for (let i = 1; i < plan.messages.length; i++)
      yield { ...plan, messages: plan.messages.slice(i - 1, i + 1), ...alone };
  yield { ...plan, ...alone };
  yield { ...plan, ...alone, end: plan.end };
  yield { ...plan, ...alone, cutSeed: plan.cutSeed };
}
