/** Longest time that a test waits for something a process should do, in milliseconds; the machine may be busy. */
const PATIENCE_MS = 45_000;

/** Waits until `holds`, looking again every 20 ms, and fails with `otherwise` when patience ends. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  otherwise: () => string = () => 'it never came true',
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(otherwise());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
