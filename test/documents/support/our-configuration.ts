// What readers paste into assay.yaml is loaded as the service loads it: whole, or in its place in a file that is good.
import { dirname, join } from 'node:path';
import { isMap, isSeq, parse, parseDocument } from 'yaml';
import { sections } from '../../../src/app/sections.js';
import { ConfigurationInvalid } from '../../../src/config/configuration-invalid.js';
import { aCertificate } from '../../builders/a-certificate.js';
import { aKey } from '../../builders/a-key.js';
import { Directory } from '../../config/support/directory.js';
import { load } from '../../config/support/load.js';
import type { BlockKind } from './block-kind.js';
import { blocksOf, type Block } from './documents.js';

type Part = Readonly<Record<string, unknown>>;

/** Strong enough that nothing warns of it. */
const secret = 'a-secret-of-documents-Wq7Zt3Lm9XcVb5Nh';

/** The registration and the caller that pages speak of, and that a part is put beside or into. */
const base = {
  issuers: {
    corp: {
      issuer: 'https://login.corp.example',
      algorithms: ['RS256', 'ES256'],
      audiences: ['https://api.corp.example'],
    },
  },
  callers: { 'any-api': { secrets: ['${env:ANY_API}'], issuers: 'any', audiences: 'any', claims: ['sub'] } },
} as const;

const names: readonly string[] = sections.map(({ key }) => key);

/** The whole that a part belongs into, by its first line: `# part of a caller`. */
function wholeOf({ text }: Block): string | undefined {
  return /^# part of (?<whole>[^,\n]+)/u.exec(text)?.groups?.['whole'];
}

/** Where a part is put. */
const places: Readonly<Record<string, (part: Part, block: Block) => Part>> = {
  'assay.yaml': (part, block) => inFile(part, block),
  'a registration': (part, block) => inRegistration(part, block),
  'an issuer': (part, block) => inRegistration(part, block),
  'a caller': (part, block) =>
    merged(registeredOn(block), { callers: { 'any-api': { ...base.callers['any-api'], ...part } } }),
  'a profile of a caller': (part, block) => {
    const profile = { ...base.callers['any-api'], secrets: undefined, proxy: true };
    const server = { trustedProxies: ['127.0.0.1/32'] };
    return merged({ ...registeredOn(block), server }, { callers: { 'any-api': { ...profile, ...part } } });
  },
};

/** A part of `assay.yaml`, or all of it. */
export const ourConfiguration: BlockKind = {
  name: 'our configuration',
  isOfKind: (block) => block.language === 'yaml' && (wholeOf(block) ?? guessed(block)) in places,
  problemsOf: async (block) => {
    const place = places[wholeOf(block) ?? guessed(block)]!;
    return problemsOf((text) => place((parse(text) ?? {}) as Part, block), block.text);
  },
};

/** A file that the main file includes: the language is written `yml`. */
export const includedFile: BlockKind = {
  name: 'a file of a team, which the configuration includes',
  isOfKind: ({ language }) => language === 'yml',
  problemsOf: ({ text }) =>
    problemsOf(() => ({ ...base, include: 'included.yaml', ...trustedFiles({ include: 'included.yaml' }) }), text),
};

/** What a preset stands for, on the page of its provider: the registration says the same without the preset. */
export const filledIn: BlockKind = {
  name: 'what a preset fills in',
  isOfKind: ({ language, section }) => language === 'yaml' && section === 'What the preset fills in',
  problemsOf: (block) =>
    problemsOf((text) => {
      const { issuers } = registeredOn(block) as { readonly issuers: Readonly<Record<string, Part>> };
      const [[id, written] = ['', {}]] = Object.entries(issuers).filter(([name]) => name !== 'corp');
      return merged(base, { issuers: { [id]: { ...(parse(text) as Part), ...written, preset: undefined } } });
    }, block.text),
};

/** What has no mark is a part of the file where each of its names is one of ours, and nothing we know otherwise. */
function guessed({ text }: Block): string {
  const { contents } = parseDocument(text);
  if (contents === null) return 'assay.yaml';
  if (!isMap(contents)) return isSeq(contents) ? 'a list' : 'a text';
  return contents.items.every(({ key }) => names.includes(String(key))) ? 'assay.yaml' : 'something else';
}

/** Beside what a page registers. A caller is there only where the part has none, and of all issuers only where no file registers more. */
function inFile(part: Part, block: Block): Part {
  const anyApi = { ...base.callers['any-api'], issuers: 'include' in part ? ['corp'] : 'any' };
  const callers = 'callers' in part ? {} : { 'any-api': anyApi };
  return merged({ ...registeredOn(block), callers }, { ...part, ...trustedFiles(part), ...reachableRedis(part) });
}

/** Who includes files says what they may register; a part that does not is about something else. */
function trustedFiles({ include, owners }: Part): Part {
  return include === undefined || owners !== undefined ? {} : { owners: [{ files: include, trusted: true }] };
}

/** Each part of `redis` is about its location, or about its keys: it has both in the end. */
function reachableRedis({ redis }: Part): Part {
  if (redis === undefined) return {};
  const isLocated = ['url', 'sentinels', 'cluster'].some((name) => name in (redis as Part));
  const recordKeys = [{ id: 'k0', secret: '${env:RECORD_KEY}' }];
  return { redis: { ...(!isLocated && { url: 'redis://redis.corp.example' }), recordKeys, ...(redis as Part) } };
}

function inRegistration(part: Part, block: Block): Part {
  const registered = registeredOn(block) as { readonly issuers: Readonly<Record<string, Part>> };
  const [[id, registration] = ['corp', {}]] = Object.entries(registered.issuers).toReversed();
  return merged(registered, { issuers: { [id]: { ...registration, ...part } } });
}

/** What the page of a provider registers; elsewhere what is registered in all of them. */
function registeredOn({ document }: Block): Part {
  const registration = blocksOf(document).find((each) => each.section === 'Registration' && each.language === 'yaml');
  return registration ? merged(base, parse(registration.text) as Part) : base;
}

/** Issuers and callers of both; of anything else what the part says. */
function merged(whole: Part, part: Part): Part {
  const both = Object.fromEntries(
    ['issuers', 'callers'].map((name) => [name, { ...byId(whole[name]), ...byId(part[name]) }] as const),
  );
  return { ...whole, ...part, ...both };
}

/** A list as a mapping, which can be written either way. */
function byId(list: unknown): Part {
  if (!Array.isArray(list)) return (list ?? {}) as Part;
  return Object.fromEntries((list as readonly (Part & { readonly id: string })[]).map(({ id, ...rest }) => [id, rest]));
}

/** What the loader says of it, warnings included, with every file and variable that it names. */
async function problemsOf(place: (text: string) => Part, text: string): Promise<readonly string[]> {
  const directory = await Directory.create();
  try {
    const within = (written: string) =>
      written.replaceAll(/\/(?:run|var|etc)\/[\w./*-]+/gu, (path) => join(directory.path, path));
    const [whole, local] = [within(JSON.stringify(place(text))), within(text)];
    await writeFilesOf(directory, `${whole}\n${local}`);
    await directory.write('included.yaml', local);
    await directory.write('assay.yaml', whole);
    const { warnings, included } = await load(directory.file, variablesOf(`${whole}\n${local}`));
    const ofIncluded = included.flatMap(({ problems }) => problems);
    return [...warnings, ...ofIncluded].map((problem) => JSON.stringify(problem));
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error.problems.map((problem) => JSON.stringify(problem));
    throw error;
  } finally {
    await directory.remove();
  }
}

function variablesOf(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/\$\{env:(?<name>\w+)\}/gu)].map(({ groups }) => groups?.['name'] ?? '');
  // Each its own: two callers with one secret are a problem.
  return Object.fromEntries(['ANY_API', 'RECORD_KEY', ...found].map((name) => [name, `${secret}-${name}`]));
}

/** Makes what a path names by how its name ends, so that what reads it finds what it expects. */
async function writeFilesOf(directory: Directory, text: string): Promise<void> {
  const named = text.match(/\/(?:[\w.-]+\/)+[\w.*-]+/gu)?.filter((path) => path.startsWith(directory.path)) ?? [];
  // Of a pattern only the directory has to be there.
  const absolute = named.map((path) => (path.includes('*') ? join(dirname(path), 'README') : path));
  const relative = [...text.matchAll(/[fF]ile"?: *"?(?<path>[\w.-]+\.(?:crt|key|pem))/gu)].map(
    ({ groups }) => groups?.['path'] ?? '',
  );
  const paths = [...absolute.map((path) => path.slice(directory.path.length + 1)), ...relative];
  for (const path of new Set(paths)) if (!path.endsWith('.yaml')) await directory.write(path, await contentOf(path));
}

async function contentOf(path: string): Promise<string> {
  if (path.endsWith('.crt')) return (await aCertificate({ isAuthority: true })).pem;
  if (/\.(?:pem|key)$/u.test(path)) return String(aKey('ES256').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return path.endsWith('token') ? 'a.b.c' : `${secret}-${path}`;
}
