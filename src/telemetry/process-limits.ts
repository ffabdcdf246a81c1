import { readdirSync, readFileSync, statSync } from 'node:fs';

/** What the kernel says of this process; `undefined` where the system has no `/proc`. */
const place = '/proc/self';

/** Open file descriptors. Since Linux 6.2 their folder has the number as its size; before, they are counted. */
export function openFiles(): number | undefined {
  return known(() => {
    const { size } = statSync(`${place}/fd`);
    return size > 0 ? size : readdirSync(`${place}/fd`).length;
  });
}

/** Most that this process may open; without a limit, `Infinity`. */
export function mostFiles(): number | undefined {
  return known(() => {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync(`${place}/limits`, 'utf8')) ?? [];
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  });
}

/** Addresses that are reserved, in bytes. */
export function virtualMemory(): number | undefined {
  return known(() => {
    const [, kibibytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync(`${place}/status`, 'utf8')) ?? [];
    return Number(kibibytes) * 1_024;
  });
}

function known(read: () => number): number | undefined {
  try {
    const value = read();
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
