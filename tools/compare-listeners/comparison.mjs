// Plays every case on both services, and sorts what differs into classes that a person can explain one by one.
import { setTimeout } from 'node:timers/promises';
import { changeBetween, countStatuses, keyOf, rawKeyOf } from './answers.mjs';
import { caseOf, kindOf, planOf, simplerThan } from './cases.mjs';
import { addressOf, play } from './connection.mjs';

/** How often a case that differs is played again: where any two of its outcomes are the same, it is chance that decides. */
const REPEATS = 4;

/** Cases of one kind and one change that are examined; more of them are only counted. */
const EXAMINED = 3;

/** Cases of one change, of whatever kinds, that are examined: to play one again and to reduce it costs as much as many new ones. */
const EXAMINED_OF_CHANGE = 40;

/**
 * @typedef {object} Difference cases that differ in the same way
 * @property {string} kind of message, and how it was sent
 * @property {string} change from the old service to the new one
 * @property {number} count
 * @property {object} example
 */

export class Comparison {
  /** @type {Map<string, Difference>} */
  differences = new Map();
  /** Cases whose outcome differs, and that have had the same outcome at another time. @type {Map<string, Difference>} */
  unsteady = new Map();
  /** Cases whose answers differ in the order or the case of header names alone. */
  respelled = { count: 0, example: undefined };
  /** Status to the number of answers of the old service: how much of what it can say was tried. */
  statuses = new Map();
  cases = 0;
  messages = 0;
  /** Kind and change of a case, before anything was left out, to the class it belongs to and how many such cases were examined. */
  #examined = new Map();
  /** A change to the class of the latest case with it, and how many such cases were examined. */
  #changes = new Map();

  /**
   * @param {{ seed: number, world: import('./world.mjs').World, services: readonly import('./service.mjs').Service[] }} parts
   *   the old service and the new one
   */
  constructor({ seed, world, services }) {
    this.seed = seed;
    this.world = world;
    this.services = services;
  }

  /**
   * Plays cases from number 0 on until `messages` have been sent, over so many connections to each service at once.
   * @throws {Error} when one of the services ends
   */
  async run(messages, connections) {
    let index = 0;
    const played = new Set();
    const worker = async () => {
      while (this.messages < messages) {
        const plan = planOf(this.seed, index++);
        this.messages += plan.messages.length;
        played.add(plan.index);
        await this.#compare(plan);
        played.delete(plan.index);
        this.cases++;
      }
    };
    const gone = this.services.map(({ exited }) => exited);
    try {
      await Promise.race([Promise.all(Array.from({ length: connections }, worker)), ...gone]);
    } catch (error) {
      // A service that ends closes its connections first; what it has said at its end explains more.
      const cause = await Promise.race([...gone, setTimeout(1_000, error)]).catch((end) => end);
      throw new Error(`${cause.message}\nwhile these cases were played: ${[...played].join(', ')}`, { cause });
    }
  }

  /** Plays a case once. @returns the outcome of each service */
  async outcomesOf(plan, attempt = 0) {
    const each = caseOf(plan, this.world);
    const address = addressOf(plan.index, attempt, plan.isTrusted);
    return Promise.all(this.services.map((service) => play(each, service, address)));
  }

  async #compare(plan) {
    const outcomes = await this.outcomesOf(plan);
    const [old, latest] = outcomes;
    countStatuses(old, this.statuses);
    if (rawKeyOf(old) === rawKeyOf(latest)) return;
    if (keyOf(old) === keyOf(latest)) {
      this.respelled.count++;
      this.respelled.example ??= exampleOf(plan, this.world, outcomes);
      return;
    }
    const change = changeBetween(old, latest);
    const found = `${kindOf(plan)}\0${change}`;
    const known = this.#examined.get(found);
    const common = this.#changes.get(change);
    const examined = known?.times >= EXAMINED ? known : common?.times >= EXAMINED_OF_CHANGE ? common : undefined;
    if (examined) {
      examined.difference.count++;
      return;
    }
    if (!(await this.#isSteady(plan, outcomes))) {
      this.#count(this.unsteady, plan, outcomes);
      return;
    }
    const simplest = await this.#simplest(plan, outcomes);
    const difference = this.#count(this.differences, simplest.plan, simplest.outcomes);
    this.#examined.set(found, { times: (known?.times ?? 0) + 1, difference });
    this.#changes.set(change, { times: (common?.times ?? 0) + 1, difference });
  }

  /** Whether the two services never have an outcome in common. */
  async #isSteady(plan, outcomes, repeats = REPEATS) {
    const seen = outcomes.map((outcome) => new Set([keyOf(outcome)]));
    for (let attempt = 1; attempt <= repeats; attempt++) {
      const again = await this.outcomesOf(plan, attempt);
      again.forEach((outcome, i) => seen[i].add(keyOf(outcome)));
      if ([...seen[0]].some((key) => seen[1].has(key))) return false;
    }
    return true;
  }

  /** The smallest part of a case that still differs. */
  async #simplest(plan, outcomes) {
    for (const simpler of simplerThan(plan)) {
      const result = await this.outcomesOf(simpler, REPEATS + 1);
      if (keyOf(result[0]) === keyOf(result[1])) continue;
      if (await this.#isSteady(simpler, result, 2)) return { plan: simpler, outcomes: result };
    }
    return { plan, outcomes };
  }

  /** @returns {Difference} the class that the case belongs to */
  #count(classes, plan, outcomes) {
    const kind = kindOf(plan);
    const change = changeBetween(...outcomes);
    const key = `${kind}\0${change}`;
    if (!classes.has(key)) classes.set(key, { kind, change, count: 0, example: exampleOf(plan, this.world, outcomes) });
    const difference = classes.get(key);
    difference.count++;
    return difference;
  }
}

/** Everything that is needed to see what happened. */
export function exampleOf(plan, world, [old, latest]) {
  const { pieces, end, isTrusted } = caseOf(plan, world);
  return {
    case: plan.index,
    plan,
    pieces: pieces.map((piece) => piece.toString('latin1')),
    end,
    isTrusted,
    old,
    new: latest,
  };
}
