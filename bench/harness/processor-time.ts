// How much a process has cost the processor so far: what an answer costs is the steadiest figure of all on a noisy machine.
import { readdir, readFile } from 'node:fs/promises';

/** What Linux counts the time of whole processes in, for every architecture. */
const MS_PER_TICK = 10;

/** Places in `/proc/…/stat` behind the name, which may contain anything: the time in the program, and that in the kernel for it. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** Of all threads that there are, in milliseconds: to the nanosecond. What a thread did is lost with it, so only for programs that keep theirs, such as Node. */
export async function threadsMs(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`;
  const times = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/schedstat`, 'utf8'));
  return (await Promise.all(times)).reduce((sum, text) => sum + Number.parseInt(text, 10) / 1e6, 0);
}

/** Of a process with those that it started, in milliseconds: in hundredths of a second, and with the threads that have ended. */
export async function processesMs(pid: number): Promise<number> {
  const [stat, started] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), startedBy(pid)]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ownMs = (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * MS_PER_TICK;
  const othersMs = await Promise.all(started.map(processesMs));
  return othersMs.reduce((sum, ms) => sum + ms, ownMs);
}

/** Every thread can have started some. */
async function startedBy(pid: number): Promise<readonly number[]> {
  const tasks = `/proc/${pid}/task`;
  // A thread may have ended since it was listed.
  const lists = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/children`, 'utf8').catch(() => ''));
  return (await Promise.all(lists)).flatMap((text) => text.split(' ').filter(Boolean).map(Number));
}
