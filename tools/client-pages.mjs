// Runs the programs of docs/clients and of other pages, word for word, as their readers do, and names what it cannot run.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { at } from './project.mjs';

/** How a block of a language is run: the command, and how its file must be called. */
const runners = new Map([
  ['js', { command: process.execPath, ending: '.mjs', args: [] }],
  // Debian's own, which finds the packages that Debian installs.
  ['python', { command: '/usr/bin/python3', ending: '.py', args: [] }],
  ['php', { command: 'php', ending: '.php', args: [] }],
  ['perl', { command: 'perl', ending: '.pl', args: [] }],
  ['ruby', { command: 'ruby', ending: '.rb', args: [] }],
  ['sh', { command: 'sh', ending: '.sh', args: [] }],
  ['cobol', { command: 'cobc', ending: '.cob', args: ['-x', '-free', '-j'] }],
  [
    'go',
    {
      command: 'go',
      ending: '.go',
      args: ['run'],
      // Debian's own libraries, as above.
      env: {
        GOCACHE: join(tmpdir(), 'assay-go-build'),
        GOTOOLCHAIN: 'local',
        GO111MODULE: 'off',
        GOPATH: '/usr/share/gocode',
      },
    },
  ],
  ['busybox', { command: 'busybox', ending: '.sh', args: ['sh'] }],
]);

const folder = at('docs', 'clients');

/**
 * All blocks of all pages.
 * @returns {{ page: string, language: string, text: string, isServed: boolean, canRun: boolean, why: string }[]} `why` it cannot, else empty
 */
export function clientBlocks() {
  // The overview has no program: what it says to paste is for a demo that runs.
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return pages.sort().flatMap((page) => blocksOf(page, readFileSync(join(folder, page), 'utf8')));
}

/** The programs of another page of docs/ that are meant to be run, in the same form. */
export function runnableBlocks(page) {
  return blocksOf(page, readFileSync(at('docs', page), 'utf8')).filter(({ isRun }) => isRun);
}

function blocksOf(page, markdown) {
  const blocks = markdown.matchAll(/^```(\w+)( run| serve)?\n(.*?)^```$/gms);
  return [...blocks].map(([, language = '', how, text = '']) => {
    const isRun = how === ' run';
    const why = isRun ? missing(language) : 'not meant to be run';
    return { page, language, text, isRun, isServed: how === ' serve', canRun: why === '', why };
  });
}

function missing(language) {
  const runner = runners.get(language);
  if (!runner) return 'no runner for this language';
  const isThere = spawnSync('sh', ['-c', 'command -v "$0"', runner.command], { stdio: 'ignore' }).status === 0;
  return isThere ? '' : `${basename(runner.command)} is not installed`;
}

/**
 * Runs one block with these variables and no others than PATH.
 * @returns {Promise<string>} what it wrote, without the end of the line
 */
export async function runBlock({ language, text }, env) {
  const { command, ending, args, env: own } = runners.get(language);
  // Inside the checkout, so that packages are found.
  const place = mkdtempSync(at('.client-'));
  try {
    const file = join(place, `program${ending}`);
    writeFileSync(file, text);
    return await outputOf(
      spawn(command, [...args, file], { cwd: place, env: { PATH: process.env.PATH, ...own, ...env } }),
    );
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function outputOf(child) {
  return new Promise((resolve, reject) => {
    let written = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => (written += chunk));
    child.stderr.on('data', (chunk) => (complaints += chunk));
    child.once('error', reject);
    child.once('close', () => resolve(written.trimEnd() || `nothing; ${complaints}`));
  });
}
