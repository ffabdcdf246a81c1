import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess } from './support/assay-process.js';
import { startBrowser, Visitor } from './support/browser.js';
import { configurationOf, issuerSection } from './support/configuration.js';
import { adminSection, viewer } from './support/console-world.js';

let issuer: FakeIssuer;
let assay: AssayProcess;

beforeAll(async () => {
  issuer = await FakeIssuer.start();
  const keys = { jwks: { keys: [issuer.key.publicJwk] } };
  const issuers = Array.from({ length: 1_000 }, (_, i) =>
    issuerSection(`tenant-${String(i).padStart(4, '0')}`, { issuer: `https://tenant-${i}.example` }, { keys }),
  );
  assay = await AssayProcess.start((ports) => ({
    ...configurationOf(ports, issuers, { grpc: { enabled: false } }),
    admin: adminSection,
  }));
});

afterAll(async () => {
  await assay.stop();
  await issuer.stop();
});

/** What the page has cost the browser so far, in seconds. */
async function cpuSeconds({ page }: Visitor): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

it('shows 1,000 issuers 25 at a time, finds one of them, and costs less than a second of processor', async () => {
  const browser = await startBrowser();
  const visitor = await Visitor.arrive(browser, `${assay.managementUrl}/console/`);
  const { page } = visitor;
  await visitor.signIn(viewer);
  await page.getByText('1,000 issuers').waitFor();
  await page.getByRole('link', { name: 'tenant-0024' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(26);
  const seconds = await cpuSeconds(visitor);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThan(1);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('link', { name: 'tenant-0049' }).waitFor();
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByRole('link', { name: 'tenant-0000' }).waitFor();
  await page.getByLabel('Find').fill('tenant-0777');
  await page.getByRole('link', { name: 'tenant-0777' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(2);
  await page.getByLabel('Find').fill('');
  await page.getByLabel('only those in trouble').check();
  await page.getByText('No issuer fits.').waitFor();
  expect(await visitor.violations()).toEqual([]);
  await browser.close();
});
