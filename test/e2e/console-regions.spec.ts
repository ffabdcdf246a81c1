import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser, Visitor } from './support/browser.js';
import { introspect } from './support/configuration.js';
import { operator } from './support/console-world.js';
import { picture } from './support/pictures.js';
import { RegionWorld } from './support/region-world.js';

describe('two regions in the console', () => {
  let browser: Browser;
  let world: RegionWorld;
  let visitor: Visitor;

  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), RegionWorld.start()]);
    for (const region of [world.eu, world.us]) await introspect(region, await world.issuer.sign());
  });

  afterEach(() => visitor.leave());

  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  async function arrive(): Promise<Visitor['page']> {
    visitor = await Visitor.arrive(browser, world.url, { viewport: { width: 1200, height: 760 } });
    await visitor.signIn(operator);
    return visitor.page;
  }

  const areActive = async (token: string) =>
    Promise.all([world.eu, world.us].map(async (each) => (await introspect(each, token)).body['active']));

  it('are one picture: the sentence on top, a column of the grid, and a row each', async () => {
    const page = await arrive();
    await page.getByText('All 2 replicas in 2 regions agree.').waitFor();
    await page.getByRole('columnheader', { name: 'Region us' }).waitFor();
    await page.getByRole('row', { name: /corp/ }).getByText('FRESH', { exact: true }).nth(1).waitFor();
    expect(await visitor.violations()).toEqual([]);
    await picture(visitor, 'issuers-regions');
    await visitor.open('regions', 'Regions');
    await page.getByRole('row', { name: /^us/ }).getByText('reports').waitFor();
    await page.getByRole('row', { name: /^us/ }).getByText('1 of 1 live').waitFor();
    expect(await visitor.violations()).toEqual([]);
    await picture(visitor, 'regions');
  });

  it('one that is cut off is named on top and in each view, is not promised anything, and is told again when it is back', async () => {
    const token = await world.issuer.sign();
    expect(await areActive(token)).toEqual([true, true]);
    const page = await arrive();
    world.link.mode = 'refuse';
    await page.getByText(/The region us is not reachable: what it accepts now is not known/).waitFor();
    await page.getByRole('row', { name: /corp/ }).getByText('was FRESH').waitFor();
    await visitor.open('regions', 'Regions');
    await page.getByRole('row', { name: /^us/ }).getByText('not reachable').waitFor();
    await page.getByText(/^Not complete/).waitFor();
    expect(await visitor.violations()).toEqual([]);
    await picture(visitor, 'region-cut-off');
    await visitor.open('issuers/corp', 'corp');
    await page.getByRole('button', { name: /^Deny: / }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel(/in all regions/).isChecked()).toBe(true);
    await dialog.getByText(/us: does not report/).waitFor();
    expect(await visitor.violations()).toEqual([]);
    await dialog.getByLabel(/Reason/).fill('stolen, INC-4711');
    await dialog.getByRole('button', { name: 'Deny' }).click();
    await dialog.getByText(/Region us: no answer \(connect\)/).waitFor();
    await picture(visitor, 'deny-cut-off');
    expect(await areActive(token)).toEqual([false, true]);
    world.link.mode = 'pass';
    await dialog.getByRole('button', { name: 'Deny' }).click();
    await dialog.getByText(/Region us: done, at every replica within 7 s/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await areActive(token)).toEqual([false, false]);
    await visitor.open('denials', 'Denied keys');
    await page.getByText('denies it').waitFor();
    expect(await visitor.violations()).toEqual([]);
  });

  it('a key is not said to be denied in a region that may not have named it, or that another one answers for', async () => {
    const page = await arrive();
    const said = { differences: { counts: { denied_keys: 1 } }, findings: [] as object[] };
    await page.route('**/admin/v1/fleet', async (route) => {
      const answer = await route.fetch();
      const all = (await answer.json()) as { readonly regions: readonly { readonly name: string }[] };
      const regions = all.regions.map((each) =>
        each.name === 'us' ? { ...each, differences: said.differences } : each,
      );
      await route.fulfill({ json: { ...all, regions, findings: said.findings } });
    });
    await visitor.open('denials', 'Denied keys');
    const us = page.getByRole('listitem').filter({ hasText: 'region us' });
    await us.getByText('not known').waitFor();
    said.differences.counts.denied_keys = 0;
    await us.getByText('denies it').waitFor();
    said.findings = [
      { kind: 'region_misnamed', region: 'us', says: 'It is another one', firstStep: 'Look at its url.' },
    ];
    await us.getByText('not known').waitFor();
  });
});
