import type { Clock } from '../shared/clock.js';
import type { RevocationSection, UnknownDenialsPolicy } from './revocation.section.js';

/** What operators decide about a list that cannot be known. */
export type KnowledgeRules = Pick<RevocationSection, 'onUnknown' | 'coldStart' | 'maxStaleness'>;

/** The log that a list is read from. */
export interface ReadLog {
  /** How long ago it was last read to its end, as the primary has it, in milliseconds; `undefined`: never. */
  readonly readAgoMs: number | undefined;
  /** How long ago it last answered with anything, in milliseconds; `undefined`: never. */
  readonly answeredAgoMs: number | undefined;
}

/** What a {@link ListKnowledge} works with. */
export interface ListKnowledgeParts {
  /** `isRead`: from beginning to end, once. */
  readonly list: { readonly isRead: boolean };
  /** Absent: nothing is shared, so nothing can be missed. */
  readonly log?: ReadLog | undefined;
  readonly clock: Pick<Clock, 'monoMs'>;
  /** Called for each token that is judged without knowing all that was decided. */
  readonly onBlindVerdict?: (() => void) | undefined;
}

/** What holds until the configuration is known. */
const usualRules: KnowledgeRules = { onUnknown: 'wait', coldStart: 5_000, maxStaleness: 3_600_000 };

/**
 * Whether this replica knows what was denied or revoked elsewhere, and what is done where it does not. Never read: something may pass that all
 * others refuse, so only what was written out lets it answer beside them. Not read for too long: what is known holds, and what was decided since
 * is missed; all replicas may be so at once, so that they go on answering unless that was forbidden.
 */
export class ListKnowledge {
  rules = usualRules;
  private readonly bornMs: number;

  constructor(private readonly parts: ListKnowledgeParts) {
    this.bornMs = parts.clock.monoMs();
  }

  /** Whether everything was read once. */
  get isKnown(): boolean {
    return this.parts.list.isRead;
  }

  /** How long ago it was last read to its end, in milliseconds; `undefined`: never, or nothing is shared. */
  get readAgoMs(): number | undefined {
    return this.parts.log?.readAgoMs;
  }

  /** Whether it was not read for longer than `revocation.maxStaleness`: so old may be also what nobody can compare with the primary. */
  get isStale(): boolean {
    return this.isKnown && !this.isReadWithin(this.rules.maxStaleness);
  }

  /** Whether what others decided until so many milliseconds ago is known. */
  isReadWithin(ms: number): boolean {
    const { log } = this.parts;
    return this.isKnown && (log === undefined || (log.readAgoMs ?? Number.POSITIVE_INFINITY) <= ms);
  }

  /** Whether requests are welcome, as far as this list is concerned. */
  get isReady(): boolean {
    const { onUnknown } = this.rules;
    if (!this.isKnown) return onUnknown === 'accept' && this.hasWaited;
    return onUnknown !== 'refuse' || !this.isStale;
  }

  /**
   * To be asked before each verdict.
   * @param onUnknown what the issuer of the token wants, instead of what is usual
   * @returns whether one may be given
   */
  mayJudge(onUnknown: UnknownDenialsPolicy = this.rules.onUnknown): boolean {
    if (this.isKnown && !this.isStale) return true;
    if (onUnknown === 'refuse') return false;
    this.parts.onBlindVerdict?.();
    return true;
  }

  /** Whether a first reading is not to be waited for any more. One that goes on is. */
  private get hasWaited(): boolean {
    const { clock, log } = this.parts;
    const ageMs = clock.monoMs() - this.bornMs;
    return Math.min(ageMs, log?.answeredAgoMs ?? ageMs) >= this.rules.coldStart;
  }
}
