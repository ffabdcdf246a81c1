import { LRUCache } from 'lru-cache';
import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import type { Caller } from '../../caller.js';
import type { CallerDirectory } from '../../registration/caller-directory.js';
import type { CredentialForm, PresentedCredentials } from '../../credentials/presented-credentials.js';

/** Headers that are remembered; one caller needs one, and another one while it changes its secret. */
const ENTRIES = 10_000;

/** A longer header is looked at each time. */
const MAX_HEADER_LENGTH = 4 * 1024;

/** Who an `Authorization` header has proven to be. */
export interface ProvenHeader {
  readonly caller: Caller;
  /** The client id under which its failures would be counted. */
  readonly claimedId: string | undefined;
}

interface Entry extends ProvenHeader {
  /** Wall time in milliseconds from which on the secret may have expired. */
  readonly untilMs: number;
}

/** New in every process, as that of the secrets is. */
const pepper = randomBytes(32).toString('base64');

/**
 * Remembers which `Authorization` header proved which caller, so that one that comes again need not be read and digested
 * again. What else decides about a request, brakes, limits and rights, is not remembered.
 *
 * An entry holds for the callers of one configuration, and until the first moment at which a secret of its caller expires.
 * It is found by a keyed digest of the whole header: an attacker who measures how long it takes to find nothing learns
 * nothing about any header.
 */
export class ProvenHeaders {
  private readonly entries = new LRUCache<string, Entry>({ max: ENTRIES });
  private generation: object | undefined;

  constructor(
    private readonly directory: CallerDirectory,
    private readonly clock: Clock,
  ) {}

  /** @returns `undefined` unless this header alone says who is asking, and has said so before */
  find({ authorization, form }: PresentedCredentials): ProvenHeader | undefined {
    const header = onlyHeader(authorization);
    if (header === undefined || !isEmpty(form) || this.generation !== this.directory.generation) return undefined;
    const entry = this.entries.get(keyOf(header));
    return entry && this.clock.wallMs() < entry.untilMs ? entry : undefined;
  }

  /**
   * Remembers that the one header of a request was enough.
   * @param generation of the directory that was asked; where there is another one by now, nothing is remembered
   */
  remember({ authorization, form }: PresentedCredentials, proven: ProvenHeader, generation: object): void {
    const header = onlyHeader(authorization);
    const registered = this.directory.byId(proven.caller.id);
    if (header === undefined || !isEmpty(form) || !registered?.secrets || generation !== this.directory.generation)
      return;
    if (this.generation !== generation) this.entries.clear();
    this.generation = generation;
    const untilMs = registered.secrets.unchangedUntilMs(this.clock.wallMs());
    this.entries.set(keyOf(header), { ...proven, untilMs });
  }
}

function onlyHeader([header, another]: readonly string[]): string | undefined {
  return another === undefined && header !== undefined && header.length <= MAX_HEADER_LENGTH ? header : undefined;
}

function isEmpty({ clientId, clientSecret, clientAssertion, clientAssertionType }: CredentialForm): boolean {
  return (clientId ?? clientSecret ?? clientAssertion ?? clientAssertionType) === undefined;
}

function keyOf(header: string): string {
  return hash('sha256', pepper + header, 'base64');
}
