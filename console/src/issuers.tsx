// The grid: each issuer at each replica.
import { useState } from 'preact/hooks';
import { admin, type IssuerView } from './api.ts';
import { Runbook } from './documents.tsx';
import { LatestEvents } from './events.tsx';
import { ahead, duration } from './format.ts';
import { AgeLine } from './age-line.tsx';
import { AgeBar, Badge, Moment, Pages, ScrollTable, Shown } from './parts.tsx';
import { RegionCell } from './regions.tsx';
import { useAnswer } from './use-answer.ts';
import { usePaging } from './use-paging.ts';

interface Page {
  readonly issuers: readonly IssuerView[];
  readonly next?: string;
  readonly fleet: { readonly replicas: readonly string[] };
}

export function Issuers() {
  const [search, setSearch] = useState('');
  const [isTroubledOnly, setTroubledOnly] = useState(false);
  const paging = usePaging();
  const query = paging.query({ search, state: isTroubledOnly ? 'troubled' : '' });
  const page = useAnswer<Page>(admin(`issuers?${query}`));
  return (
    <section>
      <h1>Issuers</h1>
      <LatestEvents />
      <Tools
        search={search}
        isTroubledOnly={isTroubledOnly}
        onSearch={(text) => {
          setSearch(text);
          paging.first();
        }}
        onTroubledOnly={(isWanted) => {
          setTroubledOnly(isWanted);
          paging.first();
        }}
      />
      <Shown of={page}>
        {({ issuers, next, fleet }) => (
          <>
            <Grid issuers={issuers} replicas={fleet.replicas} />
            {issuers.length === 0 && <p>No issuer fits.</p>}
            <Pages of="issuers" paging={paging} next={next} />
          </>
        )}
      </Shown>
    </section>
  );
}

/** What narrows the grid down. */
interface ToolsProps {
  readonly search: string;
  readonly isTroubledOnly: boolean;
  readonly onSearch: (text: string) => void;
  readonly onTroubledOnly: (isWanted: boolean) => void;
}

function Tools({ search, isTroubledOnly, onSearch, onTroubledOnly }: ToolsProps) {
  return (
    <div class="tools" role="search">
      <label for="search">Find</label>
      <input
        id="search"
        type="search"
        placeholder="id or address"
        value={search}
        onInput={(event) => {
          onSearch(event.currentTarget.value);
        }}
      />
      <label class="inline">
        <input
          type="checkbox"
          checked={isTroubledOnly}
          onChange={(event) => {
            onTroubledOnly(event.currentTarget.checked);
          }}
        />{' '}
        only those in trouble
      </label>
    </div>
  );
}

/** A column for each replica of this region, and one for each other region. */
function Grid({
  issuers,
  replicas,
}: {
  readonly issuers: readonly IssuerView[];
  readonly replicas: readonly string[];
}) {
  const regions = [...new Set(issuers.flatMap((each) => each.regions ?? []).map(({ region }) => region))];
  return (
    <ScrollTable
      label="Issuers by replica and region"
      head={['Issuer', ...replicas, ...regions.map((each) => `Region ${each}`)]}
    >
      {issuers.map((issuer) => (
        <Row key={issuer.id} issuer={issuer} replicas={replicas} regions={regions} />
      ))}
    </ScrollTable>
  );
}

interface RowProps {
  readonly issuer: IssuerView;
  readonly replicas: readonly string[];
  readonly regions: readonly string[];
}

function Row({ issuer, replicas, regions }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <a href={`#/issuers/${encodeURIComponent(issuer.id)}`}>{issuer.id}</a>
        <div class="muted-text break">{issuer.issuer}</div>
      </th>
      {replicas.map((replica) => (
        <Cell key={replica} issuer={issuer} replica={replica} />
      ))}
      {regions.map((region) => (
        <RegionCell key={region} issuer={issuer} region={region} />
      ))}
    </tr>
  );
}

/** The keys of an issuer at one replica. */
export function Cell({ issuer, replica }: { readonly issuer: IssuerView; readonly replica: string }) {
  const at = issuer.replicas?.find((each) => each.replica === replica);
  if (!at) return <td class="muted-text">not there</td>;
  const { state, ageSeconds, earlierProofsAgoSeconds = [], nextRefresh, lastError, digest, isLost, isKnown } = at;
  const { limits } = issuer;
  return (
    <td class={isLost ? 'lost' : ''}>
      <div class="cell-head">
        {isLost ? <Badge word={`was ${state}`} tone="muted" /> : <Badge word={state} />}
        {isLost && <Badge word="silent" tone="bad" />}
        {isKnown === false && <Badge word="not known now" tone="muted" />}
        {digest !== undefined && (
          <code title="which keys are accepted: replicas that agree show the same">{digest}</code>
        )}
      </div>
      {ageSeconds !== undefined && limits && (
        <AgeBar
          age={ageSeconds}
          refresh={limits.refreshSeconds}
          hardTtl={limits.hardTtlSeconds}
          state={isLost ? 'UNKNOWN' : state}
        />
      )}
      {ageSeconds !== undefined && ageSeconds > 0 && limits && (
        <AgeLine
          provenAgo={[...earlierProofsAgoSeconds.toReversed(), ageSeconds]}
          refresh={limits.refreshSeconds}
          hardTtl={limits.hardTtlSeconds}
          state={isLost ? 'UNKNOWN' : state}
        />
      )}
      <div class="muted-text">
        {ageSeconds !== undefined && `age ${duration(ageSeconds)}`}
        {nextRefresh !== undefined && ` · next ${ahead(nextRefresh)}`}
      </div>
      {lastError && (
        <div class="error-text">
          {lastError.category}
          {lastError.host !== undefined && ` at ${lastError.host} (${lastError.stage ?? ''})`},{' '}
          <Moment at={lastError.at} />. <Runbook place="docs/operations.md#an-issuer-cannot-be-reached" />
        </div>
      )}
    </td>
  );
}
