// Settings of nginx in documents, held to nginx itself: each block in the place that its first setting belongs into.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** OpenResty runs these; nginx without it does not know them. */
const luaBlock = /^(?<indent> *)access_by_lua_block \{\n(?<program>[^]*?)^\k<indent>\}\n/gmu;

/**
 * What nginx says against it.
 * @param lua judges what is Lua in it
 */
export function problemsOfNginx(text: string, lua: (program: string) => readonly string[]): readonly string[] {
  const programs = [...text.matchAll(luaBlock)].map(({ groups }) => groups?.['program'] ?? '');
  const place = mkdtempSync(join(tmpdir(), 'assay-nginx-'));
  try {
    const file = join(place, 'nginx.conf');
    writeFileSync(file, wholeOf(text.replaceAll(luaBlock, ''), place));
    const { status, stderr } = spawnSync('nginx', ['-t', '-p', place, '-e', 'stderr', '-c', file], {
      encoding: 'utf8',
    });
    return [...(status === 0 ? [] : [stderr]), ...programs.flatMap(lua)];
  } finally {
    rmSync(place, { recursive: true });
  }
}

function wholeOf(text: string, place: string): string {
  const server = (inside: string): string => `server { listen 127.0.0.1:8000; ${inside} }`;
  const isHttp = /^(?:server|upstream) /mu.test(text);
  const http = isHttp ? text : server(text.startsWith('location ') ? text : `location / { ${text} }`);
  return `pid ${place}/nginx.pid; events {} http { access_log off; ${http} }`;
}
