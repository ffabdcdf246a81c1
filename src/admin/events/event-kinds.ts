/** What counts as an event for operators, one row for each: what it is about, what of its record is shown, and how it reads. */
import type { AuditAction } from '../../telemetry/audit.js';

/** What events are about. A fixed set: lists are narrowed down by it. */
export const eventGroups = [
  'keys', // what issuers did with their keys
  'issuers', // whether their keys can be fetched
  'operators', // what operators asked for
  'fleet', // replicas and their configuration
] as const;

/** One of {@link eventGroups}. */
export type EventGroup = (typeof eventGroups)[number];

/** Names of what an event may say: words of the configuration, thumbprints, codes, and the reason that an operator gave. */
export const eventFields = [
  'issuer',
  'owner',
  'thumbprint',
  'category',
  'host',
  'stage',
  'by',
  'byIssuer',
  'reason',
  'result',
  'kind',
  'signal',
  'about',
  'peer',
  'what',
  'change',
  'part',
  'digest',
  'version',
] as const;

/** One of {@link eventFields}. */
export type EventField = (typeof eventFields)[number];

/** What an event says beside its kind. */
export type EventFields = Readonly<Partial<Record<EventField, string>>>;

/** How one kind of event is shown. */
interface KindOfEvent {
  readonly group: EventGroup;
  readonly fields: readonly EventField[];
  readonly says: (fields: EventFields) => string;
}

const key = ['issuer', 'thumbprint'] as const;
const admin = ['by', 'byIssuer', 'result'] as const;

/** What happened to a key of an issuer. */
function keyEvent(what: string): KindOfEvent {
  const says = ({ issuer = '', thumbprint = '' }: EventFields): string =>
    `Key ${thumbprint.slice(0, 10)}… of ${issuer} ${what}`;
  return { group: 'keys', fields: key, says };
}

/** What an operator asked for, and what became of it where it was not done. */
function adminEvent(fields: readonly EventField[], what: (fields: EventFields) => string): KindOfEvent {
  const says = (said: EventFields): string => {
    const { by = '', result = 'done', reason } = said;
    const outcome = result === 'done' ? '' : `, which was not done (${result})`;
    return `${by} ${what(said)}${outcome}${reason === undefined ? '' : `: ${reason}`}`;
  };
  return { group: 'operators', fields: [...admin, ...fields], says };
}

/** What came with a configuration. */
function configurationEvent(fields: readonly EventField[], says: KindOfEvent['says']): KindOfEvent {
  return { group: 'fleet', fields, says };
}

const shortKey = ({ thumbprint = '', issuer = '' }: EventFields): string =>
  `key ${thumbprint.slice(0, 10)}… of ${issuer}`;

const kinds = {
  key_added: keyEvent('was seen for the first time, and is accepted'),
  key_retiring: keyEvent('is not published any more; it is accepted until another fetch confirms that'),
  key_stayed: keyEvent('is published again, before it was removed'),
  key_removed: keyEvent('was removed: it is not accepted any more'),
  key_returning: keyEvent('is published again after it was removed; it has to prove itself first'),
  key_returned: keyEvent('is accepted again'),
  key_kid_reused: keyEvent('has a kid that another key had before'),
  key_contested: {
    group: 'keys',
    fields: [...key, 'owner'],
    says: ({ owner = '', ...said }) =>
      `${capital(shortKey(said))} is published by ${owner} as well: it counts there alone`,
  },
  key_set_moved: {
    group: 'keys',
    fields: ['issuer'],
    says: ({ issuer = '' }) => `Metadata of ${issuer} names another key set`,
  },
  secret_key_published: {
    group: 'keys',
    fields: ['issuer', 'reason'],
    says: ({ issuer = '' }) => `${issuer} publishes secret key material: its keys must be replaced`,
  },
  record_refused: {
    group: 'fleet',
    fields: ['issuer', 'kind', 'reason'],
    says: ({ issuer, kind = '', reason = '' }) =>
      `What is shared about ${issuer ?? kind} is not believed (${reason}): check who may write to Redis`,
  },
  issuer_failing: {
    group: 'issuers',
    fields: ['issuer', 'category', 'host', 'stage'],
    says: ({ issuer = '', category = '', host }) =>
      `Fetches of the keys of ${issuer} began to fail: ${category}${host === undefined ? '' : ` at ${host}`}`,
  },
  issuer_recovered: {
    group: 'issuers',
    fields: ['issuer'],
    says: ({ issuer = '' }) => `The keys of ${issuer} can be fetched again`,
  },
  admin_signed_in: adminEvent([], () => 'signed in to the console'),
  admin_refresh: adminEvent(['issuer'], ({ issuer = '' }) => `had the keys of ${issuer} fetched`),
  admin_deny: adminEvent([...key, 'reason'], (said) => `denied ${shortKey(said)}`),
  admin_allow: adminEvent(key, (said) => `allowed ${shortKey(said)} again`),
  admin_revoke: adminEvent(
    ['issuer', 'kind', 'reason'],
    ({ issuer = '', kind }) => `revoked ${revoked(kind)} of ${issuer}`,
  ),
  admin_unrevoke: adminEvent(['issuer'], ({ issuer = '' }) => `took a revocation of ${issuer} back`),
  admin_signal_pause: adminEvent(['signal'], ({ signal = '' }) => `paused the stream ${signal}`),
  admin_signal_resume: adminEvent(['signal'], ({ signal = '' }) => `resumed the stream ${signal}`),
  admin_drop_replica: adminEvent(['about'], ({ about = '' }) => `dropped the replica ${about}`),
  admin_in_region: adminEvent(['issuer', 'what', 'peer'], inRegion),
  replica_forgotten: configurationEvent(
    ['about'],
    ({ about = '' }) => `The replica ${about} was silent for too long, and is forgotten`,
  ),
  configuration_loaded: configurationEvent(
    ['digest'],
    ({ digest = '' }) => `The configuration ${digest.slice(0, 10)}… came into force`,
  ),
  issuer_added: configurationEvent(['issuer'], ({ issuer = '' }) => `The configuration has the issuer ${issuer} now`),
  issuer_removed: configurationEvent(
    ['issuer'],
    ({ issuer = '' }) => `The configuration has the issuer ${issuer} no more`,
  ),
  issuer_changed: configurationEvent(['issuer'], ({ issuer = '' }) => `The registration of ${issuer} was changed`),
  configuration_changed: configurationEvent(
    ['change', 'part'],
    ({ change = 'changed', part = '' }) => `The configuration was changed: ${part} ${change}`,
  ),
} as const satisfies Partial<Record<AuditAction, KindOfEvent>>;

/** What is no record of the audit trail. */
const ownKinds = {
  replica_started: configurationEvent(['version'], ({ version = '' }) => `A replica started, version ${version}`),
  more_left_out: configurationEvent(
    ['what'],
    ({ what = '' }) => `More of these happened in this minute than are kept here (${what}): the audit trail has all`,
  ),
} as const satisfies Record<string, KindOfEvent>;

/** A kind of event. */
export type EventKind = keyof typeof kinds | keyof typeof ownKinds;

const all: Readonly<Record<EventKind, KindOfEvent>> = { ...kinds, ...ownKinds };

/** Every kind, for the description of the endpoint. */
export const eventKinds = Object.keys(all) as readonly EventKind[];

/** Whether a record of the audit trail is an event as well, or a text names one. */
export function isEventKind(name: string): name is EventKind {
  return Object.hasOwn(all, name);
}

export function kindOf(kind: EventKind): KindOfEvent {
  return all[kind];
}

function revoked(kind: string | undefined): string {
  if (kind === undefined) return 'something';
  return kind === 'issuer' ? 'all tokens' : `a ${kind}`;
}

function inRegion({ what = '', issuer = '', peer = '' }: EventFields): string {
  return `asked region ${peer} to do the same (${what}) for ${issuer}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
