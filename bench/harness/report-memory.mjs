// Loaded into a server before its program (`node --import`): on SIGUSR2 it writes down what its memory is made of, as it is and after
// a collection. Nobody but the process itself can tell its heap from the rest.
import { renameSync, writeFileSync } from 'node:fs';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  const file = process.env.MEMORY_REPORT;
  const now = figures();
  collect();
  writeFileSync(`${file}.new`, JSON.stringify({ now, collected: figures() }));
  renameSync(`${file}.new`, file);
});

function figures() {
  const { heapUsed, heapTotal, external, rss } = process.memoryUsage();
  const spaces = getHeapSpaceStatistics().map(({ space_name, space_used_size, physical_space_size }) => [
    space_name,
    { used: space_used_size, reserved: physical_space_size },
  ]);
  const { malloced_memory: malloced } = getHeapStatistics();
  return { heapUsed, heapReserved: heapTotal, external, resident: rss, malloced, spaces: Object.fromEntries(spaces) };
}
