// Which programs a script would call, with which words: a real shell runs it, and every program is one that only writes down how it was called.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One call: the program and its words, as the shell has made them. */
export type Call = readonly [program: string, ...words: string[]];

/** What becomes of a script. */
export interface ShellRun {
  readonly calls: readonly Call[];
  /** What the shell says against it, such as a variable that nobody has set. */
  readonly problems: readonly string[];
}

/** Finds no program, so that each call comes here: the number of its words and the words, each behind a zero. Its output is one line. */
const recorder = `
set -u
exit() { :; }
command_not_found_handle() { [ -z "$RECORD" ] || printf '%s\\0' "$#" "$@" >> "$RECORD"; printf 'printed\\n'; }
`;

/**
 * Runs a script without calling anything.
 * @param before what the reader has run until then: its variables and functions are there, its calls are not reported
 */
export function callsOf(
  script: string,
  before: readonly string[],
  variables: Readonly<Record<string, string>>,
): ShellRun {
  const place = mkdtempSync(join(tmpdir(), 'assay-shell-'));
  try {
    const record = join(place, 'calls');
    writeFileSync(record, '');
    const whole = [recorder, 'RECORD=', ...before, `RECORD=${record}`, script].join('\n');
    const { stderr } = spawnSync('/bin/bash', ['-c', whole], {
      cwd: place,
      env: { ...variables, PATH: '/nowhere', HOME: place, PWD: place },
      input: '',
      encoding: 'utf8',
      timeout: 10_000,
    });
    return { calls: recorded(readFileSync(record, 'utf8')), problems: [...syntaxProblems(script), ...linesOf(stderr)] };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** What a plain shell, which most scripts are pasted into, says of the syntax. */
function syntaxProblems(script: string): readonly string[] {
  const { stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });
  return linesOf(stderr);
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function recorded(text: string): readonly Call[] {
  const words = text.split('\0');
  const calls: Call[] = [];
  for (let at = 0; words[at] !== undefined && words[at] !== ''; at += Number(words[at]) + 1) {
    calls.push(words.slice(at + 1, at + 1 + Number(words[at])) as unknown as Call);
  }
  return calls;
}
