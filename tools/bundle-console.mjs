// Makes of `console/` the few static files that the management listener serves. Their names change with what is in them, so that
// browsers may keep them for ever.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { documentPages } from './bundle-docs.mjs';

/** @param {string} target the folder in which `console` is made */
export async function bundleConsole(target) {
  const folder = join(target, 'console');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'assets'), { recursive: true });
  const names = {
    SCRIPT: await keep(folder, 'console', 'js', await script()),
    STYLE: await keep(folder, 'console', 'css', await readFile('console/style.css')),
    ICON: await keep(folder, 'icon', 'svg', await readFile('console/icon.svg')),
  };
  const named = async (page) => (await readFile(page, 'utf8')).replace(/SCRIPT|STYLE|ICON/g, (name) => names[name]);
  await writeFile(join(folder, 'index.html'), await named('console/index.html'));
  const keepPicture = async (file) => keep(folder, 'picture', 'png', await readFile(file));
  for (const [path, page] of await documentPages(await named('console/document.html'), keepPicture)) {
    const file = join(folder, 'docs', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, page);
  }
}

async function script() {
  const bundle = await rolldown({
    input: 'console/src/main.tsx',
    platform: 'browser',
    tsconfig: 'console/tsconfig.json',
    transform: { target: 'es2022' },
    onLog(level, log, handle) {
      if (level === 'warn' && log.code !== 'PLUGIN_TIMINGS') handle('error', log);
    },
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false });
  await bundle.close();
  return output[0].code;
}

/** @returns the name under which it was written */
async function keep(folder, name, extension, content) {
  const digest = createHash('sha256').update(content).digest('base64url').replace(/[-_]/g, '').slice(0, 12);
  const file = `${name}.${digest}.${extension}`;
  await writeFile(join(folder, 'assets', file), content);
  return file;
}
