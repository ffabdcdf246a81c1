import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Plan {
  readonly index: number;
  readonly messages: readonly { readonly request: string; readonly mutations: readonly { readonly name: string }[] }[];
}

interface Case {
  readonly pieces: readonly Buffer[];
  readonly messages: number;
}

interface Outcome {
  readonly received: readonly string[];
  readonly endedIn: number;
  readonly isReset: boolean;
  readonly isProbed: boolean;
}

interface Cases {
  planOf(seed: number, index: number): Plan;
  caseOf(plan: Plan, world: unknown): Case;
  kindOf(plan: Plan): string;
  simplerThan(plan: Plan): Iterable<Plan>;
}

interface Answers {
  answersIn(
    text: string,
  ): { readonly statusLine: string; readonly headers: readonly string[]; readonly body: string }[];
  keyOf(outcome: Outcome): string;
  changeBetween(old: Outcome, latest: Outcome): string;
}

const now = Date.UTC(2026, 10, 20);

async function load(file: string): Promise<unknown> {
  const path = join(import.meta.dirname, '..', '..', 'tools', 'compare-listeners', file);
  return import(pathToFileURL(path).href);
}

describe('the messages that two listeners are compared with', () => {
  let cases: Cases;
  let createWorld: (seed: number, nowMs: number) => unknown;

  beforeAll(async () => {
    cases = (await load('cases.mjs')) as Cases;
    ({ createWorld } = (await load('world.mjs')) as { createWorld: typeof createWorld });
  });

  function textOf(seed: number, index: number): string {
    const { pieces } = cases.caseOf(cases.planOf(seed, index), createWorld(seed, now));
    return pieces.map((piece) => piece.toString('latin1')).join('|');
  }

  it('are the same for the same seed, in whichever order they are asked for', () => {
    const indexes = Array.from({ length: 200 }, (_, i) => i);
    const forwards = indexes.map((index) => textOf(7, index));
    const backwards = indexes.toReversed().map((index) => textOf(7, index));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(new Set(forwards).size).toBeGreaterThan(195);
    expect(textOf(8, 0)).not.toBe(forwards[0]);
  });

  it('contain each request and each mutation', async () => {
    const { requests } = (await load('requests.mjs')) as { requests: object };
    const files = ['body', 'header', 'spelling', 'line', 'octet'];
    const modules = await Promise.all(files.map((name) => load(`${name}-mutations.mjs`)));
    const known = modules.flatMap((module) =>
      Object.values(module as object).flatMap((each: object) => Object.keys(each)),
    );
    const messages = Array.from({ length: 20_000 }, (_, i) => cases.planOf(1, i).messages).flat();
    const sent = new Set(messages.flatMap(({ request, mutations }) => [request, ...mutations.map(({ name }) => name)]));
    expect([...sent].sort()).toEqual([...known, ...Object.keys(requests), 'guess'].sort());
  });

  it('become pieces that together are the whole', () => {
    const world = createWorld(1, now);
    for (let index = 0; index < 2_000; index++) {
      const plan = cases.planOf(1, index);
      const { pieces } = cases.caseOf(plan, world);
      const whole = cases.caseOf({ ...plan, pieces: { style: 'whole', seed: 0 } } as Plan, world);
      expect(Buffer.concat(pieces).equals(Buffer.concat(whole.pieces))).toBe(true);
    }
  });

  it('are taken apart into smaller ones that are made of the same', () => {
    const plan = Array.from({ length: 500 }, (_, i) => cases.planOf(1, i)).find(
      ({ messages }) => messages.length === 3,
    )!;
    for (const simpler of cases.simplerThan(plan)) {
      expect(simpler.messages.length).toBeLessThanOrEqual(3);
      const names = plan.messages.flatMap(({ mutations }) => mutations);
      for (const { mutations } of simpler.messages) expect(names).toEqual(expect.arrayContaining([...mutations]));
    }
  });
});

describe('what a listener has answered', () => {
  let answers: Answers;

  beforeAll(async () => {
    answers = (await load('answers.mjs')) as Answers;
  });

  const ok = 'HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 2\r\n\r\n{}';
  const head = 'HTTP/1.1 405 Method Not Allowed\r\nallow: POST\r\ncontent-length: 27\r\n\r\n';
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';

  function outcome(text: string, change: Partial<Outcome> = {}): Outcome {
    return { received: [text, '', ''], endedIn: 2, isReset: false, isProbed: false, ...change };
  }

  it('is taken apart, with or without bodies', () => {
    const parts = answers.answersIn(`HTTP/1.1 100 Continue\r\n\r\n${ok}${head}${chunked}${head}`);
    expect(parts.map(({ statusLine, body }) => `${statusLine.slice(9, 12)} ${body}`)).toEqual([
      '100 ',
      '200 {}',
      '405 ',
      '200 2\r\n{}\r\n0\r\n\r\n',
      '405 ',
    ]);
    expect(parts[1]!.headers).toEqual(['content-length: 2']);
  });

  it('may be cut, or be no answer at all', () => {
    expect(answers.answersIn('')).toEqual([]);
    expect(answers.answersIn(ok.slice(0, -1))[0]).toMatchObject({ body: '{' });
    expect(answers.answersIn(`${ok}HTTP/1.1 2`).at(-1)!.statusLine).toBe('no answer: HTTP/1.1 2');
    expect(answers.answersIn('garbage')[0]!.statusLine).toBe('no answer: garbage');
  });

  it('is the same on another day, with its headers in another order and case', () => {
    const other = 'HTTP/1.1 200 OK\r\ncontent-LENGTH: 2\r\nDATE: y\r\n\r\n{}';
    const key = answers.keyOf(outcome(ok));
    expect(answers.keyOf(outcome(other.replace('LENGTH', 'length')))).toBe(key);
    for (const different of [
      outcome(ok.replace('{}', '[]')),
      outcome(ok.replace('OK', 'Fine')),
      outcome(ok.replace('Date', 'Connection')),
      outcome(ok + ok),
      outcome(ok, { endedIn: 0 }),
      outcome(ok, { isReset: true }),
      outcome('', { received: ['', ok, ''] }),
    ])
      expect(answers.keyOf(different)).not.toBe(key);
  });

  it('is compared in words', () => {
    const probed = outcome('', { received: [head, ok, ''], isProbed: true });
    const silent = outcome(head, { isProbed: true });
    expect(answers.changeBetween(probed, outcome(head, { endedIn: 0 }))).toBe(
      '405, probe 200, stays open → 405, closed',
    );
    expect(answers.changeBetween(probed, silent)).toBe(
      '405, probe 200, stays open → 405, probe not answered, stays open',
    );
    expect(answers.changeBetween(silent, { ...silent, received: [head.replace('POST', 'GET'), '', ''] })).toBe(
      '405, probe not answered, stays open: allow: POST → allow: GET',
    );
    expect(answers.changeBetween(outcome(ok), outcome(ok.replace('{}', '[]')))).toBe('200, stays open: body');
  });
});
