// What an operator can do to an issuer; a viewer sees none of it, and the admin API would refuse it.
import { useState } from 'preact/hooks';
import { Action } from './action.tsx';
import { admin, ask, Refused, type FleetView } from './api.ts';
import type { RegionOutcomeView, RegionsAnswer } from './regions-api.ts';
import { everywhereField } from './everywhere.tsx';

/** Of which issuer, with which reach, and what to ask again afterwards. */
export interface About {
  readonly issuer: string;
  readonly fleet: FleetView | undefined;
  readonly regions: RegionsAnswer | undefined;
  readonly done: () => void;
}

const pathOf = (issuer: string, rest: string) => `issuers/${encodeURIComponent(issuer)}/${rest}`;

/** A decision that can be sent to this region, or to all. */
interface Decision {
  readonly what: string;
  readonly path: string;
  readonly sent: { readonly method: 'POST' | 'DELETE'; readonly body?: object };
}

/** @throws {Refused} also where not every region has done it: then it can be sent again */
async function decide(fields: FormData, { what, path, sent }: Decision): Promise<string> {
  if (fields.get(everywhereField) === null) return sayDecided(what, await ask<Decided>(admin(path), sent));
  const { isDoneEverywhere, regions } = await ask<DecidedEverywhere>(admin(`fleet/${path}`), sent);
  const said = `${what}. ${regions.map(sayOutcome).join(' ')}`;
  if (isDoneEverywhere) return said;
  throw new Refused(
    202,
    'not_everywhere',
    `${said} Nothing is repeated by itself: send it again when it can be reached.`,
  );
}

interface DecidedEverywhere {
  readonly isDoneEverywhere: boolean;
  readonly regions: readonly RegionOutcomeView[];
}

function sayOutcome({ name, outcome, effectiveWithinSeconds: within, code, category }: RegionOutcomeView): string {
  const region = name === '' ? 'This region' : `Region ${name}`;
  if (outcome === 'done')
    return within === undefined ? `${region}: done.` : `${region}: done, at every replica within ${within} s.`;
  if (outcome === 'no_answer') return `${region}: no answer (${category ?? ''}), it may not be done there.`;
  return `${region}: not done (${code ?? outcome}).`;
}

interface Decided {
  readonly effectiveWithinSeconds?: number;
  readonly detail?: string;
}

function sayDecided(what: string, { effectiveWithinSeconds, detail }: Decided): string {
  if (effectiveWithinSeconds !== undefined)
    return `${what} here now, and at every replica within ${effectiveWithinSeconds} s.`;
  return detail === undefined ? `${what}.` : `${what} here now. ${detail}`;
}

/** The value of a text field. */
function textOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

export function FetchNow(about: About) {
  const { issuer } = about;
  return (
    <Action
      {...about}
      name="Fetch now"
      about={issuer}
      effect="Asks the issuer for its keys now, within its spacing and its backoff. All replicas get what comes."
      isReasoned={false}
      run={async () => {
        const { outcome, category } = await ask<{ outcome: string; category?: string }>(
          admin(pathOf(issuer, 'refresh')),
          {
            method: 'POST',
          },
        );
        return outcome === 'looked' ? 'The keys were fetched.' : `The fetch failed: ${category ?? outcome}.`;
      }}
    />
  );
}

export function DenyKey({ thumbprint, ...about }: About & { readonly thumbprint: string }) {
  return (
    <Action
      {...about}
      name="Deny"
      about={thumbprint}
      effect={`Every token of ${about.issuer} that this key has signed is refused, until the denial is taken back.`}
      isReasoned
      mayGoEverywhere
      run={(fields) => {
        const body = { reason: textOf(fields, 'reason') };
        const path = pathOf(about.issuer, `keys/${thumbprint}/deny`);
        return decide(fields, { what: 'Denied', path, sent: { method: 'POST', body } });
      }}
    />
  );
}

export function AllowKey({ thumbprint, ...about }: About & { readonly thumbprint: string }) {
  return (
    <Action
      {...about}
      name="Allow"
      about={thumbprint}
      effect={`Tokens of ${about.issuer} that this key has signed are accepted again, at every replica.`}
      isReasoned={false}
      mayGoEverywhere
      run={(fields) => {
        const path = pathOf(about.issuer, `keys/${thumbprint}/deny`);
        return decide(fields, { what: 'The denial is taken back', path, sent: { method: 'DELETE' } });
      }}
    />
  );
}

const kinds = {
  token: 'Id of the token (jti)',
  session: 'Id of the session (sid)',
  subject: 'Subject (sub)',
  client: 'Id of the client',
  issuer: '',
} as const;

export function Revoke(about: About) {
  const [kind, setKind] = useState<keyof typeof kinds>('subject');
  return (
    <Action
      {...about}
      name="Revoke…"
      about={about.issuer}
      effect={
        kind === 'issuer'
          ? 'Every token that this issuer has issued up to now is refused.'
          : 'The tokens that are meant are refused. Of a subject or a client: those that were issued up to now.'
      }
      isReasoned
      mayGoEverywhere
      run={(fields) => {
        const value = textOf(fields, 'value');
        const tenant = textOf(fields, 'tenant');
        const body = {
          kind,
          reason: textOf(fields, 'reason'),
          ...(kind !== 'issuer' && { value }),
          ...(tenant !== '' && { tenant }),
        };
        const path = pathOf(about.issuer, 'revocations');
        return decide(fields, { what: 'Revoked', path, sent: { method: 'POST', body } });
      }}
    >
      <label for="kind">What</label>
      <select
        id="kind"
        value={kind}
        onChange={(event) => {
          setKind(event.currentTarget.value as keyof typeof kinds);
        }}
      >
        {Object.keys(kinds).map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      {kind !== 'issuer' && (
        <>
          <label for="value">{kinds[kind]}</label>
          <input id="value" name="value" required maxLength={256} spellcheck={false} />
        </>
      )}
      <label for="tenant">Tenant, where the issuer has many</label>
      <input id="tenant" name="tenant" maxLength={64} spellcheck={false} />
    </Action>
  );
}

export function TakeBack({
  revocation,
  kind,
  ...about
}: About & { readonly revocation: string; readonly kind: string }) {
  return (
    <Action
      {...about}
      name="Take back"
      about={`revocation of a ${kind}`}
      effect="The tokens that it was about are accepted again, at every replica."
      isReasoned={false}
      run={async () => {
        await ask(admin(pathOf(about.issuer, `revocations/${encodeURIComponent(revocation)}`)), { method: 'DELETE' });
        return 'The revocation is taken back.';
      }}
    />
  );
}
