/** Of the gRPC protocol: at most eight digits, and a unit. */
const timeoutValue = /^(\d{1,8})([HMSmun])$/;

const msPerUnit: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Timers count in 32 bits, and so take longer ones for the past: 25 days are none. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * How long a client waits.
 * @param value of `grpc-timeout`
 * @returns `Infinity` where it does not say, or longer than matters; `undefined` where it cannot be read
 */
export function timeoutMsOf(value: string | readonly string[] | undefined): number | undefined {
  if (value === undefined) return Infinity;
  const [text, digits, unit] = timeoutValue.exec(String(value)) ?? [];
  if (text === undefined) return undefined;
  const timeoutMs = Number(digits) * (msPerUnit[unit ?? ''] ?? 0);
  return timeoutMs > LONGEST_TIMEOUT_MS ? Infinity : timeoutMs;
}
