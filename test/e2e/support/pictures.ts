import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Visitor } from './browser.js';

const root = join(import.meta.dirname, '..', '..', '..');

/** `npm run screenshots` sets it; otherwise no picture is taken. */
const isAsked = process.env['ASSAY_SCREENSHOTS'] !== undefined;

/**
 * Takes a picture of what a visitor sees, in light and in dark, for whoever changes the console.
 * @param place `docs`: it is also what the documentation shows
 */
export async function picture({ page }: Visitor, name: string, place: 'docs' | 'reports' = 'reports'): Promise<void> {
  if (!isAsked) return;
  const folder = join(root, ...(place === 'docs' ? ['docs', 'console'] : ['.reports', 'console']));
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
