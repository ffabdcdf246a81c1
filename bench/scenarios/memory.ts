import { staticIssuer, type Assay, type NodeStart, type Section } from '../harness/assay.ts';
import { MemoryReporter, type MemoryFigures, type MemoryReport } from '../harness/memory-report.ts';
import { askAboutNew, type NewTokens } from '../harness/stream.ts';
import { http, Stage } from '../harness/subjects.ts';
import { whole } from '../harness/words.ts';
import { publish, untilKeysAreKnown } from '../harness/world.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner } from '../tokens.ts';

/** What each process is asked about at a usual length of the measurements; a shorter one asks about less, to see whether it works. */
const USUAL_SECONDS = 1.5;
const NEW_TOKENS = 1_000_000;
const FORGED_TOKENS = 100_000;
const FEW_TOKENS = 20_000;
const MANY_ISSUERS = [1_000, 10_000] as const;

/** For a process at the default bounds with one issuer. */
const MOST_RESIDENT_MB = 200;

/** Where the resident memory comes from: idle, and right after a load. Figures of a busy machine hold, unlike rates. */
export const memory: Scenario = {
  name: 'memory',
  async run({ seconds }: Effort): Promise<readonly Row[]> {
    const share = Math.min(1, seconds / USUAL_SECONDS);
    const signers = [aSigner('ES256')];
    const issuers = signers.map((signer) => staticIssuer('corp', signer));
    const loads = [
      { what: 'new tokens', tokens: { signers, count: NEW_TOKENS * share } },
      { what: 'forged tokens', tokens: { signers, count: FORGED_TOKENS * share, isForged: true } },
    ];
    const rows: Row[] = [];
    for (const { what, tokens } of loads) {
      const count = Math.round(tokens.count);
      rows.push(...(await measured(`after ${whole(count)} ${what}`, { issuers, tokens: { ...tokens, count } })));
    }
    for (const count of MANY_ISSUERS) rows.push(...(await withIssuers(Math.ceil(count * share), FEW_TOKENS * share)));
    return rows;
  },
};

/** A process, and what it is asked. */
interface Case {
  readonly issuers: readonly Section[];
  readonly tokens: NewTokens;
  readonly shared?: Section;
}

/** With one key each; the issuers take turns. */
async function withIssuers(count: number, tokens: number): Promise<readonly Row[]> {
  await using stage = new Stage();
  const { signers, issuers, shared } = await publish(stage, count, 1);
  const asked = { signers, count: Math.max(count, Math.round(tokens)) };
  const what = `${whole(count)} issuers, after ${whole(asked.count)} new tokens`;
  // Not without `await`: the issuers live as long as this function.
  return await measured(what, { issuers, shared, tokens: asked });
}

async function measured(what: string, { issuers, shared = {}, tokens }: Case): Promise<readonly Row[]> {
  await using stage = new Stage();
  await using reporter = await MemoryReporter.create();
  const isShared = shared['redis'] !== undefined;
  const start = async (how: NodeStart): Promise<Assay> => {
    const assay = await stage.assay(issuers, shared, undefined, how);
    if (isShared) await untilKeysAreKnown(assay, 0);
    return assay;
  };
  const assay = await start(reporter.start);
  const residentMb = await assay.child.residentMb();
  const idle = await reporter.ask(assay);
  await assay.stop();
  // Another process: the first one has collected its garbage, which nobody does before a load.
  const loaded = await start(reporter.start);
  await askAboutNew(http(loaded), tokens);
  return [rowOf(what, { idle, residentMb }, await reporter.ask(loaded), !isShared)];
}

function rowOf(
  what: string,
  { idle, residentMb }: { readonly idle: MemoryReport; readonly residentMb: number },
  loaded: MemoryReport,
  isBounded: boolean,
): Row {
  const resident = loaded.now.resident / 1e6;
  return {
    measure: `memory ${what}`,
    assay: `${partsOf(loaded.now)}; alive after a collection ${mb(loaded.collected.heapUsed)}`,
    baseline: `idle: ${partsOf({ ...idle.now, resident: residentMb * 1e6 })}; alive ${mb(idle.collected.heapUsed)}`,
    result: `${resident.toFixed(0)} MB resident`,
    target: isBounded ? `≤ ${MOST_RESIDENT_MB} MB` : '–',
    ...(isBounded && { isMet: resident <= MOST_RESIDENT_MB }),
  };
}

function partsOf({ heapUsed, heapReserved, external, resident, spaces }: MemoryFigures): string {
  const young = spaces['new_space']?.reserved ?? NaN;
  const rest = resident - heapReserved - external;
  const heap = `heap ${mb(heapUsed)} used of ${mb(heapReserved)} reserved (young ${mb(young)})`;
  return `${heap}, external ${mb(external)}, program and allocator ${mb(rest)}`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
