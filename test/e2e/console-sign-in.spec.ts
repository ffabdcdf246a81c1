import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess } from './support/assay-process.js';
import { startBrowser, Visitor } from './support/browser.js';
import { configurationOf, issuerSection } from './support/configuration.js';
import { adminSection, operator } from './support/console-world.js';

const audience = 'https://assay.example/admin';
const subject = 'anna-canary-9Zt';

describe('signing in to the console with a token of a registered issuer', () => {
  let browser: Browser;
  let issuer: FakeIssuer;
  let assay: AssayProcess;

  beforeAll(async () => {
    [browser, issuer] = await Promise.all([startBrowser(), FakeIssuer.start()]);
    const tokenOf = (group: string) => ({ issuer: 'corp', audience, rules: [{ claim: 'groups', contains: group }] });
    assay = await AssayProcess.start((ports) => ({
      ...configurationOf(ports, [issuerSection('corp', issuer)], { grpc: { enabled: false } }),
      admin: {
        tokens: [
          ...(adminSection['tokens'] as readonly object[]),
          { id: 'staff', role: 'viewer', token: tokenOf('staff') },
          { id: 'sre', role: 'operator', token: tokenOf('sre') },
        ],
      },
    }));
  });

  afterAll(async () => {
    await browser.close();
    await assay.stop();
    await issuer.stop();
  });

  const arrive = () => Visitor.arrive(browser, `${assay.managementUrl}/console/`);
  const tokenFor = (group: string, claims: object = {}) =>
    issuer.sign({ sub: subject, aud: audience, groups: [group], ...claims });

  it('takes it by keyboard, keeps it nowhere, and ends with the next question once it is revoked', async () => {
    const token = await tokenFor('sre', { jti: 'token-of-anna' });
    const visitor = await arrive();
    const { page } = visitor;
    await page.getByLabel('Admin token').fill(await tokenFor('sre', { aud: 'https://api.example' }));
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Not signed in: this is not an admin token' }).waitFor();
    expect(await visitor.violations()).toEqual([]);
    await page.getByLabel('Admin token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByText('sre (operator)').waitFor();
    await visitor.open('issuers/corp', 'corp');
    await page.getByRole('button', { name: /Fetch now/ }).waitFor();
    expect(await visitor.violations()).toEqual([]);
    const kept = await visitor.kept();
    for (const part of [subject, ...token.split('.').slice(1)]) {
      expect(kept).not.toContain(part);
      expect(assay.output).not.toContain(part);
      expect(visitor.requests.filter((each) => each.url().includes(part))).toEqual([]);
    }
    const carriers = visitor.requests.filter((each) => each.headers()['authorization'] === `Bearer ${token}`);
    expect(carriers.map((each) => [each.method(), new URL(each.url()).pathname])).toEqual([
      ['POST', '/console/session'],
    ]);
    await fetch(`${assay.managementUrl}/admin/v1/issuers/corp/revocations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'token', value: 'token-of-anna', reason: 'lost' }),
    });
    await page.getByLabel('Admin token').waitFor();
    await page.getByText('The session is over: sign in again.').waitFor();
    await visitor.leave();
  });

  it('shows a viewer no action', async () => {
    const visitor = await arrive();
    await visitor.signIn(await tokenFor('staff'));
    await visitor.page.getByText('staff (viewer)').waitFor();
    await visitor.open('issuers/corp', 'corp');
    expect(await visitor.page.getByRole('button', { name: /Fetch now/ }).count()).toBe(0);
    await visitor.leave();
  });
});
