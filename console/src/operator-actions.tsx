// What an operator can do to an issuer; a viewer sees none of it, and the admin API would refuse it.
import { useState } from 'preact/hooks';
import { Action } from './action.tsx';
import { admin, ask, type FleetView } from './api.ts';

/** Of which issuer, with which reach, and what to ask again afterwards. */
export interface About {
  readonly issuer: string;
  readonly fleet: FleetView | undefined;
  readonly done: () => void;
}

const path = (issuer: string, rest: string) => admin(`issuers/${encodeURIComponent(issuer)}/${rest}`);

interface Decided {
  readonly effectiveWithinSeconds?: number;
  readonly detail?: string;
}

function sayDecided(what: string, { effectiveWithinSeconds, detail }: Decided): string {
  if (effectiveWithinSeconds !== undefined)
    return `${what} here now, and at every replica within ${effectiveWithinSeconds} s.`;
  return `${what} here now. ${detail ?? ''}`;
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
        const { outcome, category } = await ask<{ outcome: string; category?: string }>(path(issuer, 'refresh'), {
          method: 'POST',
        });
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
      run={async (fields) => {
        const body = { reason: textOf(fields, 'reason') };
        return sayDecided(
          'Denied',
          await ask<Decided>(path(about.issuer, `keys/${thumbprint}/deny`), { method: 'POST', body }),
        );
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
      run={async () => {
        await ask(path(about.issuer, `keys/${thumbprint}/deny`), { method: 'DELETE' });
        return 'The denial is taken back.';
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
      run={async (fields) => {
        const value = textOf(fields, 'value');
        const tenant = textOf(fields, 'tenant');
        const body = {
          kind,
          reason: textOf(fields, 'reason'),
          ...(kind !== 'issuer' && { value }),
          ...(tenant !== '' && { tenant }),
        };
        return sayDecided('Revoked', await ask<Decided>(path(about.issuer, 'revocations'), { method: 'POST', body }));
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
        await ask(path(about.issuer, `revocations/${encodeURIComponent(revocation)}`), { method: 'DELETE' });
        return 'The revocation is taken back.';
      }}
    />
  );
}
