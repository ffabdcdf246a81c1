// Loaded into a replica before the program (`node --import`): writes down every few seconds what is left in memory after a collection. Resident
// memory alone tells little: the collector is lazy while the machine has plenty, and a leak looks the same.
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY_MS = 5_000;
const MIB = 2 ** 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

setInterval(() => {
  const residentMiB = process.memoryUsage.rss() / MIB;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(process.env.MEMORY_REPORT, JSON.stringify({ residentMiB, liveMiB: (heapUsed + external) / MIB }));
}, EVERY_MS).unref();
