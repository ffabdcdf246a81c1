import type { Host } from '../../telemetry/host.js';
import type { LogFields } from '../../telemetry/logger.js';
import { keyEventOutputs, type Outputs } from './key-event-outputs.js';
import { KeyEvents, type KeyEvent } from './key-events.js';
import { registrationIdOf } from '../../shared/tenant-id.js';
import { FetchTurns } from './fetch-turns.js';
import { LatestAnswers } from './latest-answers.js';

/** Writes each event about keys to the audit trail, the metrics and the log, as the table of outputs says. */
export class KeyEventReporter extends KeyEvents {
  /** What metrics show of the latest answer of each issuer. */
  readonly answers = new LatestAnswers();
  /** How many entries were dropped, by issuer and reason: the same set is not reported with every refresh. */
  private readonly drops = new Map<string, number>();
  private readonly turns: FetchTurns;

  /** @param region empty where there is none */
  constructor(
    private readonly host: Pick<Host, 'logger' | 'audit' | 'metrics' | 'clock'>,
    private readonly region: string,
  ) {
    super();
    this.turns = new FetchTurns(host.clock);
  }

  override report(event: KeyEvent): void {
    // The row of an event takes that event: TypeScript cannot know that one name chose both.
    const { audit, metric, log } = keyEventOutputs[event.event] as Outputs<KeyEvent>;
    const isNews = this.isNews(event);
    const entry = isNews ? audit?.(event) : undefined;
    if (entry) this.host.audit.record(...entry);
    const turn = this.turns.of(event);
    if (turn) this.host.audit.record(turn.action, turn.fields);
    metric?.(event, { metrics: this.host.metrics, answers: this.answers, labels: this.labelsOf(event) });
    if (!log || !isNews) return;
    const line = log(event);
    const { fields = fieldsOf(event) } = line;
    if (line.level === 'warn' || line.level === 'error') this.host.logger[line.level](fields, line.sentence);
    else this.host.logger[line.level](fields, line.sentence);
  }

  private labelsOf(event: KeyEvent): { readonly issuer: string; readonly region: string } {
    return { issuer: 'issuerId' in event ? registrationIdOf(event.issuerId) : '', region: this.region };
  }

  /** Whether this is more than the repetition of what was reported before. */
  private isNews(event: KeyEvent): boolean {
    if (event.event !== 'dropped' && event.event !== 'doubted') return true;
    const { issuerId, reason, count } = event;
    const drop = `${issuerId} ${reason}`;
    if (this.drops.get(drop) === count) return false;
    this.drops.set(drop, count);
    return true;
  }
}

/** All that an event says. An issuer has the same name there as in every other line of the log. */
function fieldsOf(event: KeyEvent): LogFields {
  const members = Object.entries(event).filter(([name]) => name !== 'event');
  return Object.fromEntries(members.map(([name, value]) => [name === 'issuerId' ? 'issuer' : name, value]));
}
