// What documents call, held to what there is: our own commands and scripts exactly, other programs as far as they are here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { commands } from '../../../src/cli/commands.js';
import { commandIn, readArguments } from '../../../src/cli/read-arguments.js';
import { checkNames } from '../../../tools/checks.mjs';
import { readCurl } from './curl-call.js';
import { read, root } from './documents.js';
import { isMember, problemsOfRequest } from './our-endpoints.js';
import type { Call } from './shell-calls.js';

/** What is wrong with the words of a call. */
type Judge = (words: readonly string[]) => readonly string[];

const manifest = JSON.parse(read('package.json')) as Readonly<
  Record<'scripts' | 'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>;

/** Our own program, with its real commands and options. Alone it serves. */
const assay: Judge = (words) => {
  if (words.length === 0 || words[0] === 'help' || words[0] === '--version') return [];
  const found = commandIn(words, commands);
  if (!found) return [`there is no command assay ${words.join(' ')}`];
  try {
    readArguments(found.command, found.rest);
    return [];
  } catch (error) {
    return [`assay ${words.join(' ')}: ${(error as Error).message}`];
  }
};

/** Scripts that take names: only these. */
const namesFor: Readonly<Record<string, readonly string[]>> = {
  check: checkNames,
  bench: readdirSync(join(root, 'bench', 'scenarios')).map((file) => file.replace('.ts', '')),
};

const npm: Judge = ([verb = '', ...words]) => {
  if (verb === 'install')
    return words.filter((name) => !isDependency(name)).map((name) => `no test has the package ${name}`);
  if (verb === 'exec') return npx(words.filter((word) => word !== '--'));
  const [script = '', ...rest] = verb === 'run' ? words : [verb, ...words];
  if (!(script in manifest.scripts)) return [`npm has no script ${script}`];
  const known = namesFor[script];
  const [first = ''] = rest.filter((word) => word !== '--');
  return known === undefined || first === '' || first.startsWith('--') || known.includes(first)
    ? []
    : [`npm run ${script} knows no ${first}`];
};

function isDependency(name: string): boolean {
  return name in manifest.dependencies || name in manifest.devDependencies;
}

const npx: Judge = ([program = '', ...words]) => {
  if (program === 'assay') return assay(words);
  return existsSync(join(root, 'node_modules', '.bin', program)) ? [] : [`no package has the program ${program}`];
};

const curl: Judge = (words) => {
  const { requests, problems } = readCurl(words);
  return [...problems, ...requests.flatMap(problemsOfRequest)];
};

/** They only read what they are given: run as written, on nothing. */
const reallyRun =
  (program: string): Judge =>
  (words) => {
    const given = words.filter((word) => word !== '/dev/null');
    const place = mkdtempSync(join(tmpdir(), 'assay-call-'));
    const { status, stderr } = spawnSync(program, given, { input: '', encoding: 'utf8', cwd: place });
    rmSync(place, { recursive: true });
    return status === 0 ? [] : [`${program} ${words.join(' ')}: ${stderr}`];
  };

/** Programs whose verbs are known, and nothing else: they need a cluster, or a registry. */
const withVerbs =
  (program: string, verbs: readonly string[]): Judge =>
  (words) => {
    const [verb = ''] = words.filter((word, at) => !word.startsWith('-') && words[at - 1] !== '--namespace');
    const missing = words.filter(
      (word) => /^\.\/\w+$/u.test(word) && !word.endsWith('.yaml') && !existsSync(join(root, word)),
    );
    return [
      ...(verbs.includes(verb) ? [] : [`${program} ${verb}: no verb that documents may use`]),
      ...missing.map((path) => `there is no ${path}`),
    ];
  };

/** Real jq says whether it is a filter; that its names are members of something we write, jq cannot know. */
const jq: Judge = (words) => {
  const filter = words.find((word) => /[.{]/u.test(word) && !word.startsWith('-')) ?? '';
  const names = [...filter.matchAll(/\.(?<name>[a-z]\w*)/giu)].map(({ groups }) => groups?.['name'] ?? '');
  const short = [...filter.matchAll(/\{(?<names>[\w, ]+)\}/gu)].flatMap(({ groups }) =>
    (groups?.['names'] ?? '').split(/, */u),
  );
  const unknown = [...names, ...short].filter((name) => !isMember(name));
  return [...reallyRun('jq')(words), ...unknown.map((name) => `jq ${filter}: nothing we write has a member ${name}`)];
};

const grpcurl: Judge = (words) => {
  const options = ['-plaintext', '-import-path', '-proto', '-H', '-d', '-cacert', '-cert', '-key'];
  const unknown = words.filter((word) => word.startsWith('-') && !options.includes(word));
  const valueOf = (option: string) => words[words.indexOf(option) + 1] ?? '';
  const file = words.includes('-proto') ? join(root, valueOf('-import-path'), valueOf('-proto')) : undefined;
  if (file !== undefined && !existsSync(file)) return [`there is no ${file}`];
  const symbol = words.at(-1) ?? '';
  if (['list', 'describe'].some((verb) => words.includes(verb))) return unknown;
  const [service = '', method = ''] = symbol.split('/');
  const files = ['assay/v1/introspection.proto', 'grpc/health/v1/health.proto'].map((name) =>
    join(root, 'proto', name),
  );
  const found = protobuf.loadSync(files).lookupService(service).methods[method];
  return found ? unknown : [...unknown, `no method ${symbol}`];
};

const nodeScript: Judge = ([script = '']) =>
  !script.startsWith('tools/') || existsSync(join(root, script)) ? [] : [`there is no ${script}`];

const harmless: Judge = () => [];

const judges: Readonly<Record<string, Judge>> = {
  assay,
  npm,
  npx,
  curl,
  jq,
  openssl: reallyRun('openssl'),
  grpcurl,
  node: nodeScript,
  helm: withVerbs('helm', ['install', 'upgrade', 'test', 'template', 'diff']),
  kubectl: withVerbs('kubectl', ['create', 'get', 'logs', 'apply', 'port-forward', 'exec', 'describe']),
  docker: withVerbs('docker', ['build', 'push', 'run', 'compose']),
  'redis-cli': harmless,
  cat: harmless,
  tr: harmless,
  cut: harmless,
  base64: harmless,
};

/** What is wrong with a call; a program that nobody judges is wrong, too. */
export function problemsOfCall([program, ...words]: Call): readonly string[] {
  const judge = judges[program];
  if (judge) return judge(words);
  return [`nothing here judges calls of ${program}: add it to test/documents/support/known-programs.ts`];
}

/** Programs of which a sentence may write a call. */
export const judgedPrograms: readonly string[] = Object.keys(judges);
