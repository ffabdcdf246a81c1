import type * as Known from '../../src/revocation/tokens/known-revocations.js';
import type * as Logged from '../../src/revocation/tokens/logged-revocations.js';
import type * as Counts from '../../src/revocation/tokens/revocation-counts.js';
import type * as Decision from '../../src/revocation/tokens/revocation.js';
import type * as Full from '../../src/revocation/tokens/revocations-full.js';
import type * as Table from '../../src/revocation/tokens/revoked-table.js';
import type * as Digests from '../../src/revocation/tokens/token-digests.js';
import { replace, type Mutant, type Mutation } from './log-mutants.js';
import * as scenarios from './revocation-scenarios.js';

// What could be wrong with what is revoked of tokens, and the invariant that must notice it.

const folder = '../../src/revocation/tokens';

/** What Redis has lost is not written again. */
const neverBroughtBack: Mutation<typeof Known> = ({ KnownRevocations }) => {
  replace(KnownRevocations, 'unread', () => () => []);
  return { KnownRevocations };
};

/** Whichever decision comes last holds. */
const timeIgnored: Mutation<typeof Decision> = () => ({
  joined: (one, other) => (one.at === other?.at ? other : one),
});

/** The later one of two revocations holds, and the shorter end with it. */
const endsSooner: Mutation<typeof Decision> = ({ holdsInstead }) => ({
  joined: (one, other) => (!other || holdsInstead(one, other) ? one : other),
});

const neverTakenBack: Mutation<typeof Decision> = ({ joined }) => ({
  joined: (one, other) => (other && one.verdict === 'allowed' ? other : joined(one, other)),
});

/** What the log has is all there is. */
const forgottenByReading: Mutation<typeof Known> = ({ KnownRevocations }) => {
  replace(
    KnownRevocations,
    'beginReading',
    (real) =>
      function (this: never) {
        const { table, cutOffs, counts } = new KnownRevocations() as never;
        Object.assign(this, { table, cutOffs, counts });
        return real.call(this);
      },
  );
  return { KnownRevocations };
};

/** Remembered tokens are not searched for again when more is revoked. */
const generationKept: Mutation<typeof Counts> = ({ RevocationCounts }) => {
  replace(
    RevocationCounts,
    'add',
    (real) =>
      function (this: never, ...args) {
        real.apply(this, args);
        const counts = (this as Counts.RevocationCounts).of(args[0] as string) as { generation: number };
        counts.generation = 0;
      },
  );
  return { RevocationCounts };
};

/** Digests of a remembered token outlive the names that they were made by. */
const digestsKept: Mutation<typeof Digests> = ({ TokenDigests }) => {
  replace(TokenDigests, 'belongTo', () => () => undefined);
  return { TokenDigests };
};

const endIgnored: Mutation<typeof Table> = ({ RevokedTable }) => {
  replace(
    RevokedTable,
    'isRevoked',
    (real) =>
      function (this: never, key) {
        return real.call(this, key, 0);
      },
  );
  return { RevokedTable };
};

/** Only a reading from beginning to end counts. */
const newOnesIgnored: Mutation<typeof Logged> = ({ LoggedRevocations }) => {
  replace(
    LoggedRevocations,
    'take',
    (real) =>
      function (this: never, ...args) {
        return (this as { readonly isReading: boolean }).isReading ? real.apply(this, args) : undefined;
      },
  );
  return { LoggedRevocations };
};

const quotaIgnored: Mutation<typeof Full> = () => ({ refuseWhereFull: () => undefined });

export const revocationMutants: readonly Mutant[] = [
  {
    name: 'decisions not written again after Redis was emptied',
    part: `${folder}/known-revocations`,
    mutate: neverBroughtBack,
    plan: scenarios.emptied(),
    killedBy: /^R2 /,
  },
  {
    name: 'a lift loses to an older decision',
    part: `${folder}/revocation`,
    mutate: timeIgnored,
    plan: scenarios.replayed(),
    killedBy: /^R[124] /,
  },
  {
    name: 'what was taken back goes on',
    part: `${folder}/revocation`,
    mutate: neverTakenBack,
    plan: scenarios.replayed(),
    killedBy: /^R4 /,
  },
  {
    name: 'a shorter revocation ends a longer one',
    part: `${folder}/revocation`,
    mutate: endsSooner,
    plan: scenarios.duringOutage(),
    killedBy: /^R[124] /,
  },
  {
    name: 'whole reading forgets',
    part: `${folder}/known-revocations`,
    mutate: forgottenByReading,
    plan: scenarios.emptied(),
    killedBy: /^R[14] /,
  },
  {
    name: 'the generation of remembered tokens not raised',
    part: `${folder}/revocation-counts`,
    mutate: generationKept,
    plan: scenarios.duringOutage(),
    killedBy: /^R5 /,
  },
  {
    name: 'digests of remembered tokens kept across a change of the registration',
    part: `${folder}/token-digests`,
    mutate: digestsKept,
    plan: scenarios.registeredAnew(),
    killedBy: /^R5 /,
  },
  {
    name: 'a decision goes on after its end',
    part: `${folder}/revoked-table`,
    mutate: endIgnored,
    plan: scenarios.moreThanTheQuota(),
    killedBy: /^R5 /,
  },
  {
    name: 'decisions of others wait for the next whole reading',
    part: `${folder}/logged-revocations`,
    mutate: newOnesIgnored,
    plan: scenarios.replayed(),
    killedBy: /^R[23] /,
  },
  {
    name: 'the quota ignored',
    part: `${folder}/revocations-full`,
    mutate: quotaIgnored,
    plan: scenarios.moreThanTheQuota(),
    killedBy: /^R6 /,
  },
] as never;
