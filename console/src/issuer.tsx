// One issuer: its keys, what is denied and revoked of it, and its state at each replica.
import { admin, type IssuerView, type RevocationView, type Who } from './api.ts';
import type { RegionsAnswer } from './regions-api.ts';
import { KeyLife } from './key-life.tsx';
import { type About, AllowKey, DenyKey, FetchNow, Revoke, TakeBack } from './operator-actions.tsx';
import { clockTime, duration } from './format.ts';
import { Badge, Moment, ScrollTable, Shown } from './parts.tsx';
import { Cell } from './issuers.tsx';
import { DenialRow } from './denials.tsx';
import { OpaqueTokens } from './opaque-tokens.tsx';
import { RegionCell } from './regions.tsx';
import { Ticks } from './ticks.tsx';
import { useAnswer } from './use-answer.ts';

interface Revocations {
  readonly isCurrent: boolean;
  readonly revocations: readonly RevocationView[];
  readonly next?: string;
}

interface IssuerPageProps {
  readonly id: string;
  readonly who: Who;
  readonly regions: RegionsAnswer | undefined;
}

export function IssuerPage({ id, who, regions }: IssuerPageProps) {
  const issuer = useAnswer<IssuerView>(admin(`issuers/${encodeURIComponent(id)}`));
  const isOperator = who.role === 'operator';
  const about = ({ fleet }: IssuerView): About => ({ issuer: id, fleet, regions, done: issuer.again });
  return (
    <section>
      <p>
        <a href="#/issuers">All issuers</a>
      </p>
      <h1>{id}</h1>
      <Shown of={issuer}>
        {(answer) => (
          <>
            {isOperator && (
              <div class="tools">
                <FetchNow {...about(answer)} />
                <Revoke {...about(answer)} />
              </div>
            )}
            <Facts issuer={answer} />
            {answer.opaque && <OpaqueTokens upstream={answer.opaque} />}
            <AtReplicas issuer={answer} />
            <InRegions issuer={answer} />
            <Keys issuer={answer} about={isOperator ? about(answer) : undefined} />
            <Denied issuer={answer} regions={regions} about={isOperator ? about(answer) : undefined} />
            <Revoked id={id} about={isOperator ? about(answer) : undefined} />
          </>
        )}
      </Shown>
    </section>
  );
}

function Facts({
  issuer: { issuer, criticality, limits, lastAttempt, lastSuccess, waiting = 0 },
}: {
  readonly issuer: IssuerView;
}) {
  return (
    <dl class="facts">
      <dt>Issuer</dt>
      <dd class="break">{issuer}</dd>
      {criticality !== undefined && (
        <>
          <dt>Criticality</dt>
          <dd>{criticality}</dd>
        </>
      )}
      {limits && (
        <>
          <dt>Keys are fetched</dt>
          <dd>
            every {duration(limits.refreshSeconds)}, and accepted for {duration(limits.hardTtlSeconds)} without a fetch
            that succeeds
          </dd>
        </>
      )}
      <dt>Last attempt here</dt>
      <dd>{lastAttempt === undefined ? 'none by this replica' : <Moment at={lastAttempt} />}</dd>
      <dt>Last success here</dt>
      <dd>{lastSuccess === undefined ? 'none by this replica' : <Moment at={lastSuccess} />}</dd>
      <dt>Requests that wait for keys</dt>
      <dd>{waiting}</dd>
    </dl>
  );
}

function AtReplicas({ issuer }: { readonly issuer: IssuerView }) {
  const { replicas = [] } = issuer;
  return (
    <>
      <h2>At each replica</h2>
      <ScrollTable label="State at each replica" head={['Replica', 'State']}>
        {replicas.map(({ replica, region }) => (
          <tr key={replica}>
            <th scope="row">
              {replica}
              {region !== undefined && <div class="muted-text">{region}</div>}
            </th>
            <Cell issuer={issuer} replica={replica} />
          </tr>
        ))}
      </ScrollTable>
    </>
  );
}

function InRegions({ issuer }: { readonly issuer: IssuerView }) {
  const { regions = [] } = issuer;
  if (regions.length === 0) return null;
  return (
    <>
      <h2>In other regions</h2>
      <ScrollTable label="State in other regions" head={['Region', 'State']}>
        {regions.map(({ region }) => (
          <tr key={region}>
            <th scope="row">{region}</th>
            <RegionCell issuer={issuer} region={region} />
          </tr>
        ))}
      </ScrollTable>
    </>
  );
}

/** What an operator may do; absent for a viewer. */
interface Acting {
  readonly about: About | undefined;
}

function Keys({ issuer: { keys = [] }, about }: { readonly issuer: IssuerView } & Acting) {
  return (
    <>
      <h2>Keys</h2>
      <KeyLife keys={keys} />
      <ScrollTable
        label="Keys of this issuer"
        head={['Thumbprint', 'kid', 'State', 'First seen', 'Last seen', ...(about ? ['Act'] : [])]}
      >
        {keys.map((key) => (
          <tr key={key.thumbprint}>
            <th scope="row">
              <code class="break">{key.thumbprint}</code>
            </th>
            <td>{key.kids.join(', ')}</td>
            <td>
              <Badge word={key.standing} /> {key.isDenied && <Badge word="denied" tone="bad" />}
            </td>
            <td>{clockTime(key.firstSeen)}</td>
            <td>
              <Moment at={key.lastSeen} />
            </td>
            {about && <td>{!key.isDenied && <DenyKey {...about} thumbprint={key.thumbprint} />}</td>}
          </tr>
        ))}
      </ScrollTable>
    </>
  );
}

function Denied({
  issuer: { id, deniedKeys = [] },
  regions,
  about,
}: { readonly issuer: IssuerView; readonly regions: RegionsAnswer | undefined } & Acting) {
  if (deniedKeys.length === 0) return null;
  return (
    <>
      <h2>Denied keys</h2>
      <ScrollTable
        label="Denied keys of this issuer"
        head={['Key', 'Why', 'Who and when', 'Until', 'Replicas and regions', ...(about ? ['Act'] : [])]}
      >
        {deniedKeys.map((each) => (
          <DenialRow
            key={each.thumbprint}
            denial={{ issuer: id, ...each }}
            regions={regions}
            act={about && <AllowKey {...about} thumbprint={each.thumbprint} />}
          />
        ))}
      </ScrollTable>
    </>
  );
}

function Revoked({ id, about }: { readonly id: string } & Acting) {
  const revoked = useAnswer<Revocations>(admin(`issuers/${encodeURIComponent(id)}/revocations?limit=100`));
  return (
    <>
      <h2>Revocations</h2>
      <Shown of={revoked}>
        {({ isCurrent, revocations, next }) => (
          <>
            {!isCurrent && <p class="note bad">What others have revoked in the last seconds may be missing here.</p>}
            {revocations.length === 0 ? (
              <p>None is in force.</p>
            ) : (
              <ScrollTable
                label="Revocations of this issuer"
                head={['Kind', 'Digest', 'Why', 'Who and when', 'Until', 'Replicas', ...(about ? ['Act'] : [])]}
              >
                {revocations.map((each) => (
                  <tr key={each.id}>
                    <th scope="row">{each.kind}</th>
                    <td>
                      <code class="break">{each.digest}</code>
                    </td>
                    <td>{each.reason}</td>
                    <td>
                      {each.by}, <Moment at={each.decidedAt} />
                    </td>
                    <td>{clockTime(each.until)}</td>
                    <td>
                      <Ticks reach={each} />
                    </td>
                    {about && (
                      <td>
                        <TakeBack {...about} done={revoked.again} revocation={each.id} kind={each.kind} />
                      </td>
                    )}
                  </tr>
                ))}
              </ScrollTable>
            )}
            {next !== undefined && <p>Only the first 100 are shown: assay revocations lists all.</p>}
          </>
        )}
      </Shown>
    </>
  );
}
