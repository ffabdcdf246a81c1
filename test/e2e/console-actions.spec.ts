import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { startBrowser, Visitor } from './support/browser.js';
import { introspect, ordersApi } from './support/configuration.js';
import { ConsoleWorld, operator, viewer } from './support/console-world.js';
import { picture } from './support/pictures.js';

describe('what an operator does in the console', () => {
  let browser: Browser;
  let world: ConsoleWorld;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), ConsoleWorld.start(2)]);
    for (const replica of world.replicas) await introspect(replica, await world.issuer.sign());
  });

  afterEach(async () => {
    for (const visitor of visitors.splice(0)) await visitor.leave();
  });

  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  async function at(view: string, heading: string, token = operator): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, world.url, { viewport: { width: 1200, height: 760 } });
    visitors.push(visitor);
    await visitor.signIn(token);
    await visitor.open(view, heading);
    return visitor;
  }

  const areActive = async (token: string) =>
    (await Promise.all(world.replicas.map((replica) => introspect(replica, token)))).map(({ body }) => body['active']);

  it('denies a key at every replica, with the reach shown first and the reason written down, and allows it again', async () => {
    const token = await world.issuer.sign();
    expect(await areActive(token)).toEqual([true, true]);
    const visitor = await at('issuers/corp', 'corp');
    const { page } = visitor;
    await page.getByRole('button', { name: /^Deny: / }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 replicas, all live: within 7 seconds.').waitFor();
    expect(await visitor.violations()).toEqual([]);
    await picture(visitor, 'deny');
    await dialog.getByRole('button', { name: 'Deny' }).click();
    // Without a reason nothing is sent.
    expect(visitor.requests.filter((each) => each.method() === 'POST' && each.url().endsWith('/deny'))).toEqual([]);
    await dialog.getByLabel(/Reason/).fill('stolen, INC-4711');
    await dialog.getByRole('button', { name: 'Deny' }).click();
    await dialog.getByText('Denied here now, and at every replica within 7 s.').waitFor();
    await eventually(async () => (await areActive(token)).every((each) => each === false));
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('confirmed', { exact: true }).nth(1).waitFor();
    expect(world.first.output).toContain('stolen, INC-4711');
    await picture(visitor, 'issuer');
    await visitor.open('denials', 'Denied keys');
    expect(await page.getByText('confirmed', { exact: true }).count()).toBe(2);
    expect(await visitor.violations()).toEqual([]);
    await picture(visitor, 'denials');
    await visitor.open('issuers/corp', 'corp');
    await page.getByRole('button', { name: /^Allow: / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Allow' }).click();
    await page.getByText('The denial is taken back.').waitFor();
    await eventually(async () => (await areActive(token)).every((each) => each === true));
  });

  it('revokes a subject, shows it, and takes it back', async () => {
    const token = await world.issuer.sign({ sub: 'anna-canary-4Wq' });
    expect(await areActive(token)).toEqual([true, true]);
    const visitor = await at('issuers/corp', 'corp');
    const { page } = visitor;
    await page.getByRole('button', { name: /^Revoke/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Subject (sub)').fill('anna-canary-4Wq');
    await dialog.getByLabel(/Reason/).fill('left the company');
    await dialog.getByRole('button', { name: 'Revoke…' }).click();
    await dialog.getByText('Revoked here now, and at every replica within 7 s.').waitFor();
    await eventually(async () => (await areActive(token)).every((each) => each === false));
    await dialog.getByRole('button', { name: 'Close' }).click();
    const row = page.getByRole('region', { name: 'Revocations of this issuer' }).getByRole('row').nth(1);
    await row.getByText('confirmed', { exact: true }).nth(1).waitFor();
    await row.scrollIntoViewIfNeeded();
    await picture(visitor, 'revocations');
    await page.getByRole('button', { name: /^Take back/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByText('The revocation is taken back.').waitFor();
    await eventually(async () => (await areActive(token)).every((each) => each === true));
    expect(await visitor.kept()).not.toContain('anna-canary-4Wq');
    expect(world.output).not.toContain('anna-canary-4Wq');
  });

  it('shows what was done, by whom and why, at the top of the first page and in a list that can be narrowed down by keyboard', async () => {
    const visitor = await at('issuers', 'Issuers', viewer);
    const { page } = visitor;
    const latest = page.getByRole('region', { name: /^Latest/ });
    await latest.getByText('acting took a revocation of corp back').waitFor();
    await latest.getByRole('link', { name: 'events' }).click();
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
    await page.getByText(/acting denied key .{10}… of corp: stolen, INC-4711/).waitFor();
    await page.getByText(/acting revoked a subject of corp: left the company/).waitFor();
    await page.getByText(/was seen for the first time, and is accepted/).waitFor();
    await page.getByText(/Since .* events of all replicas that share this Redis/).waitFor();
    await picture(visitor, 'events');
    await page.getByLabel('Show', { exact: true }).focus();
    await page.keyboard.type('Keys');
    await eventually(async () => (await page.getByText('acting denied').count()) === 0);
    await page.getByText(/was seen for the first time/).waitFor();
    expect(await visitor.violations()).toEqual([]);
    expect(await visitor.kept()).not.toContain('anna-canary-4Wq');
  });

  it('fetches keys now, by keyboard alone, and Escape changes nothing', async () => {
    const visitor = await at('issuers/corp', 'corp');
    const { page } = visitor;
    const open = page.getByRole('button', { name: /^Fetch now/ });
    await open.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(visitor.requests.filter((each) => each.url().endsWith('/refresh'))).toEqual([]);
    await eventually(async () => {
      await open.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('alert').waitFor();
      const said = await page.getByRole('dialog').getByRole('alert').innerText();
      await page.keyboard.press('Escape');
      return said === 'The keys were fetched.';
    });
  });

  it('is not there for a viewer', async () => {
    const { page } = await at('issuers/corp', 'corp', viewer);
    await page.getByRole('heading', { name: 'Keys' }).first().waitFor();
    expect(await page.getByRole('button', { name: /Deny|Revoke|Fetch|Allow|Take back/ }).count()).toBe(0);
  });

  it('can be seen in every view, and says what a lost replica means for the reach', async () => {
    const visitor = await at('issuers', 'Issuers');
    const { page } = visitor;
    await picture(visitor, 'issuers');
    await visitor.open('replicas', 'Replicas');
    await picture(visitor, 'replicas');
    await visitor.open('explain', 'Explain a token');
    await page.getByLabel('Token').fill(await world.issuer.sign({ exp: 1_000_000_000 }));
    await page.getByLabel(/caller/).fill(ordersApi.id);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('heading', { name: /it is inactive/ }).waitFor();
    expect(await visitor.violations()).toEqual([]);
    await picture(visitor, 'explain');
    world.replicas[1]!.signal('SIGKILL');
    await visitor.open('issuers/corp', 'corp');
    await page.getByText('is silent: it may still answer').waitFor({ timeout: 60_000 });
    await eventually(() => page.getByText('silent', { exact: true }).first().isVisible());
    await page.getByRole('button', { name: /^Deny: / }).click();
    await page.getByRole('dialog').getByText('what lost replicas do is not known').waitFor();
    expect(await visitor.violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await visitor.open('issuers', 'Issuers');
    await page.getByText('was FRESH').waitFor();
    await picture(visitor, 'replica-lost', 'docs');
    await visitor.open('troubles', 'Findings');
    await picture(visitor, 'findings');
  });
});
