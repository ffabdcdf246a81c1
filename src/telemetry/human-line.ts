/** One JSON log line, for a person at a terminal: `12:00:00 INFO  the sentence  key=value`. */
export function humanLine(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clockTime = String(time).slice(11, 19);
  const words = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
  return [clockTime, String(level).toUpperCase().padEnd(5), quoted(msg).slice(1, -1), ...words].join(' ') + '\n';
}

/** Words stay bare; everything else is quoted and escaped, so that what a line says cannot move the cursor (H-13). */
function plain(value: unknown): string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : quoted(value);
}

function quoted(value: unknown): string {
  return JSON.stringify(value);
}
