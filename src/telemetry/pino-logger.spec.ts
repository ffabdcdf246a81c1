import { describe, expect, it } from 'vitest';
import { NestLogger } from './nest-logger.js';
import { PinoLogger, type LogOptions } from './pino-logger.js';

function logging(options: Partial<LogOptions> = {}): { lines: string[]; logger: PinoLogger } {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return { lines, logger: new PinoLogger({ level: 'info', destination, ...options }) };
}

describe('PinoLogger', () => {
  it('writes one JSON object a line, with level names and ISO time', () => {
    const { lines, logger } = logging();
    logger.info({ issuer: 'corp' }, 'key of an issuer changed');
    const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(rest).toEqual({ level: 'info', issuer: 'corp', msg: 'key of an issuer changed' });
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('tells the time to the millisecond, also when the host clock goes back', () => {
    const times = [
      '2026-03-01T23:59:59.999Z',
      '2026-03-02T00:00:00.000Z',
      '2026-03-02T00:00:00.007Z',
      '2026-03-01T23:59:59.070Z',
    ];
    let nowMs = 0;
    const { lines, logger } = logging({ clock: { wallMs: () => nowMs } });
    for (const time of times) {
      nowMs = Date.parse(time);
      logger.info({}, 'x');
    }
    expect(lines.map((line) => (JSON.parse(line) as { time: string }).time)).toEqual(times);
  });

  it('bounds what strangers can make it write, and says in the next second how much it left out', () => {
    let nowMs = 500;
    const { lines, logger } = logging({ clock: { wallMs: () => nowMs } });
    for (let i = 0; i < 2_000; i++) logger.info({ i }, 'caller refused');
    logger.info({ caller: 'orders' }, 'caller refused');
    logger.info({}, 'something else');
    for (let i = 0; i < 200; i++) logger.warn({}, 'configuration warning');
    expect(lines).toHaveLength(302);
    nowMs = 1_000;
    logger.info({}, 'caller refused');
    const said = lines.slice(302).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said).toMatchObject([
      { msg: expect.stringMatching('left out'), sentence: 'caller refused', lines: 1_900 },
      { msg: 'caller refused' },
    ]);
    nowMs = 2_000;
    logger.info({}, 'caller refused');
    expect(lines).toHaveLength(305);
  });

  it('INV-01 masks the fields and the sentence', () => {
    const { lines, logger } = logging();
    logger.info({ cause: new Error('Bearer s3cr3t') }, 'Basic s3cr3t');
    logger.error({ cause: new Error('Bearer s3cr3t') }, 'unexpected error');
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain('s3cr3t');
  });

  it('names the paragraph that says what to do, in lines that an operator acts on and in no other', () => {
    const { lines, logger } = logging({ level: 'debug' });
    const sentence = 'JWKS refresh failed';
    logger.warn({ issuer: 'corp' }, sentence);
    logger.error({ issuer: 'corp' }, sentence);
    logger.info({ issuer: 'corp' }, 'published keys are not used');
    logger.info({ issuer: 'corp' }, 'key of an issuer changed');
    logger.debug({ issuer: 'corp' }, 'constructor');
    const runbook = 'docs/operations.md#an-issuer-cannot-be-reached';
    const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said).toMatchObject([
      { runbook, issuer: 'corp' },
      { runbook },
      { runbook: 'docs/operations.md#assaynousablekeys' },
      {},
      {},
    ]);
    expect(said.map((line) => 'runbook' in line)).toEqual([true, true, true, false, false]);
  });

  it('takes no field for that paragraph, wherever the fields came from', () => {
    const { lines, logger } = logging();
    const fromElsewhere: object = { runbook: 'https://elsewhere.example' };
    logger.warn({ ...fromElsewhere }, 'JWKS refresh failed');
    logger.info({ ...fromElsewhere }, 'key of an issuer changed');
    expect(lines.join('')).not.toContain('elsewhere');
    expect(lines[0]!.match(/"runbook":/g)).toHaveLength(1);
  });

  it('keeps to its level, and changes it at once', () => {
    const { lines, logger } = logging({ level: 'warn' });
    logger.info({}, 'unheard');
    logger.setLevel('debug');
    logger.debug({}, 'heard');
    expect(lines).toHaveLength(1);
  });

  it('H-13 what a line says stays on its line, for people too', () => {
    const injection = 'x\r\n{"level":"error","msg":"fake"}\x1b[31m\u202e';
    for (const human of [false, true]) {
      const { lines, logger } = logging({ human });
      logger.info({ issuer: injection }, injection);
      expect(lines.join('').trimEnd()).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
    }
  });

  it('is readable on a terminal', () => {
    const { lines, logger } = logging({ human: true });
    logger.info({ port: 8080, host: '127.0.0.1', detail: 'two words' }, 'ready');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d INFO {2}ready port=8080 host=127\.0\.0\.1 detail="two words"\n$/);
  });
});

describe('NestLogger', () => {
  it('keeps the chatter of the framework for debugging, and its errors for everybody', () => {
    const { lines, logger } = logging();
    const nest = new NestLogger(logger);
    nest.log('Mapped {/introspect, POST} route', 'RouterExplorer');
    nest.error(new Error('broken'), undefined, 'ExceptionsHandler');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'error',
      context: 'ExceptionsHandler',
      detail: { message: 'broken' },
    });
  });
});
