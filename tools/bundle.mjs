// Puts the modules of `dist` and of the packages that they use into the few files that the program is started from: to find, read
// and link two and a half thousand modules is half of a start (docs/adr/0014-the-program-is-bundled.md).
// Argument: a directory to write to instead of `dist`.
import { readFile } from 'node:fs/promises';
import { rolldown } from 'rolldown';
import { bundleConsole } from './bundle-console.mjs';

const [target = 'dist'] = process.argv.slice(2);

/** The compiler has written where each line of `dist` comes from. */
const sourceMaps = {
  name: 'source-maps',
  async load(id) {
    if (!/[\\/]dist[\\/].*\.js$/.test(id) || id.includes('node_modules')) return null;
    const map = await readFile(`${id}.map`, 'utf8').catch(() => null);
    return map === null ? null : { code: await readFile(id, 'utf8'), map };
  },
};

const bundle = await rolldown({
  input: { main: 'dist/main.js', 'demo/main': 'dist/demo/main.js' },
  platform: 'node',
  plugins: [sourceMaps],
  onLog(level, log, handle) {
    // Nest and others look for packages that they can do without. What is not here now will not be there when it runs.
    const isOptional = log.code === 'UNRESOLVED_IMPORT' && log.id?.includes('node_modules');
    // How long our plugin took says something about the machine, and nothing about the program.
    const isTiming = log.code === 'PLUGIN_TIMINGS';
    if (level === 'warn' && !isOptional && !isTiming) handle('error', log);
  },
});
await bundle.write({
  dir: target,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  // Names of classes and functions are what stack traces and messages of Nest say.
  keepNames: true,
  sourcemap: true,
});
await bundle.close();
await bundleConsole(target);
