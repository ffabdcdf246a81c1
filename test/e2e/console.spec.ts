import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { startBrowser, Visitor } from './support/browser.js';
import { ordersApi } from './support/configuration.js';
import { ConsoleWorld, operator, viewer } from './support/console-world.js';
import { picture } from './support/pictures.js';

const views = [
  ['issuers', 'Issuers'],
  ['issuers/corp', 'corp'],
  ['denials', 'Denied keys'],
  ['events', 'Events'],
  ['replicas', 'Replicas'],
  ['regions', 'Regions'],
  ['troubles', 'Findings'],
  ['callers', 'Callers'],
  ['hygiene', 'Hygiene'],
  ['explain', 'Explain a token'],
] as const;

describe('the console in a real browser', () => {
  let browser: Browser;
  let world: ConsoleWorld;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), ConsoleWorld.start(2)]);
  });

  afterEach(async () => {
    for (const visitor of visitors.splice(0)) await visitor.leave();
  });

  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  async function arrive(options: Parameters<typeof Visitor.arrive>[2] = {}): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, world.url, options);
    visitors.push(visitor);
    return visitor;
  }

  it('asks for a token, says when it is wrong, and keeps it nowhere when it is right', async () => {
    const visitor = await arrive();
    const { page } = visitor;
    await page.getByLabel('Admin token').fill('wrong-token-Wq7Zt3Lm9XcVb5NhTy2K');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'Not signed in' }).waitFor();
    await picture(visitor, 'sign-in');
    await visitor.signIn(viewer);
    expect(await page.getByText('watching (viewer)').isVisible()).toBe(true);
    expect(await visitor.kept()).not.toContain(viewer);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You have signed out.').waitFor();
    await page.reload();
    await page.getByLabel('Admin token').waitFor();
  });

  it('shows the state of each issuer at each replica, and that all agree', async () => {
    await fetch(`${world.first.publicUrl}/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64')}` },
      body: new URLSearchParams({ token: await world.issuer.sign() }),
    });
    const visitor = await arrive();
    await visitor.signIn(viewer);
    const { page } = visitor;
    await page.getByText('All 2 replicas agree.').waitFor();
    await page.getByRole('row', { name: /corp/ }).getByText('FRESH', { exact: true }).nth(1).waitFor();
    expect(await page.getByRole('img', { name: /age .* of / }).count()).toBe(2);
    expect(
      await page.getByRole('img', { name: /^last .*: 1 fetch succeeded, keys were at most .* old$/ }).count(),
    ).toBe(2);
    await visitor.open('replicas', 'Replicas');
    expect(await page.getByRole('row').count()).toBe(3);
    expect(await page.getByText('reachable').count()).toBe(2);
    expect(await page.getByText('clocks agree').count()).toBe(2);
    expect(await page.getByText(/\d+ MiB/).count()).toBe(2);
  });

  it('shows whether an issuer answers about its opaque tokens, and why it does not', async () => {
    const { status } = await fetch(`${world.first.publicUrl}/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64')}` },
      body: new URLSearchParams({ token: 'opq_Zr7Kq2Vn5Xz7Lw4T' }),
    });
    expect(status).toBe(503);
    const visitor = await arrive();
    await visitor.signIn(viewer);
    await visitor.open('issuers/corp', 'corp');
    await visitor.page.getByRole('heading', { name: 'Opaque tokens, asked about here' }).waitFor();
    await visitor.page.getByText('status_4xx').waitFor();
    expect(await visitor.page.getByText(/^1 since .* 0 under way$/).isVisible()).toBe(true);
    expect(await visitor.page.getByText('none yet').isVisible()).toBe(true);
  });

  it('shows a viewer no way to explain, and an operator each step', async () => {
    const watching = await arrive();
    await watching.signIn(viewer);
    await watching.open('explain', 'Explain a token');
    expect(await watching.page.getByRole('textbox').count()).toBe(0);
    const acting = await arrive();
    await acting.signIn(operator);
    await acting.open('explain', 'Explain a token');
    const token = await world.issuer.sign({ exp: 1_000_000_000 });
    await acting.page.getByLabel('Token').fill(token);
    await acting.page.getByLabel(/caller/).fill(ordersApi.id);
    await acting.page.getByRole('button', { name: 'Explain' }).click();
    await acting.page.getByRole('heading', { name: /it is inactive/ }).waitFor();
    expect(await acting.page.getByText('expired').first().isVisible()).toBe(true);
    const [, payload = '', signature = ''] = token.split('.');
    for (const part of [token, payload, signature]) {
      expect(await acting.kept()).not.toContain(part);
      expect(world.output).not.toContain(part);
      const carriers = acting.requests.filter((each) => (each.postData() ?? '').includes(part));
      expect(carriers.map((each) => [each.method(), new URL(each.url()).pathname])).toEqual([
        ['POST', '/admin/v1/explain'],
      ]);
      expect(
        acting.requests.filter((each) => each.url().includes(part) || JSON.stringify(each.headers()).includes(part)),
      ).toEqual([]);
    }
  });

  it('asks nobody else for anything, and obeys its own policy', async () => {
    const visitor = await arrive();
    await visitor.signIn(operator);
    for (const [view, heading] of views) await visitor.open(view, heading);
    expect([...new Set(visitor.requests.map((each) => new URL(each.url()).origin))]).toEqual([
      world.first.managementUrl,
    ]);
    expect(visitor.said.filter((each) => !each.includes('401'))).toEqual([]);
    const page = await fetch(world.url);
    expect(page.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const html = await page.text();
    for (const [, asset = ''] of html.matchAll(/(?:href|src)="(assets[^"]+)"/g)) {
      const answer = await fetch(new URL(asset, world.url));
      expect([asset, answer.status, answer.headers.get('cache-control')]).toEqual([
        asset,
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
    expect(html).not.toMatch(/<script>|style=|onload/);
  });

  it.each(['light', 'dark'] as const)(
    'is accessible in every view (%s), and fits a narrow window',
    async (colorScheme) => {
      const visitor = await arrive({ colorScheme, viewport: { width: 360, height: 700 } });
      expect(await visitor.violations()).toEqual([]);
      await visitor.signIn(operator);
      for (const [view, heading] of views) {
        await visitor.open(view, heading);
        expect([view, await visitor.violations()]).toEqual([view, []]);
        const width = await visitor.page.evaluate('document.documentElement.scrollWidth');
        expect([view, width]).toEqual([view, 360]);
      }
    },
  );

  it('can be used by keyboard alone', async () => {
    const { page } = await arrive();
    const tabTo = async (name: string | RegExp, role: 'link' | 'button' | 'textbox') => {
      const wanted = page.getByRole(role, { name });
      await eventually(async () => {
        await page.keyboard.press('Tab');
        return wanted
          .first()
          .evaluate(
            (element) =>
              (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement === element,
          );
      });
    };
    await page.getByLabel('Admin token').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type(operator);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await tabTo('Replicas', 'link');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Replicas' }).waitFor();
    await tabTo('Explain', 'link');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Explain a token' }).waitFor();
    await tabTo('Token', 'textbox');
    await page.keyboard.type('no-token-at-all');
    await page.keyboard.press('Tab');
    await page.keyboard.type(ordersApi.id);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /it is inactive/ }).waitFor();
  });

  it('says which replica was killed, since when, and what to do first', async () => {
    const visitor = await arrive();
    await visitor.signIn(viewer);
    world.replicas[1]!.signal('SIGKILL');
    const banner = visitor.page.getByRole('region', { name: 'Is all well?' });
    await banner.getByText('is silent: it may still answer').waitFor({ timeout: 60_000 });
    await banner.getByText(/Since \d{4}-/).waitFor();
    await banner.getByText('If it is gone for good, drop it.').waitFor();
    await visitor.open('replicas', 'Replicas');
    await visitor.page.getByText('silent', { exact: true }).waitFor();
    expect(await visitor.violations()).toEqual([]);
  });
});
