import axe from 'axe-core';
import { eventually } from '../../fakes/eventually.js';
import { chromium, type Browser, type BrowserContext, type Page, type Request } from 'playwright-core';

/** Debian's own, which tools/system-packages.mjs installs. */
const executablePath = '/usr/bin/chromium';

/** A real Chromium without a window. */
export function startBrowser(): Promise<Browser> {
  // Its sandbox needs rights that tests in a container may not have.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** One visitor of the console: a profile of its own, and everything that it has sent. */
export class Visitor {
  readonly requests: Request[] = [];
  /** What the page wrote to its console, errors of the content security policy among it. */
  readonly said: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {
    page.setDefaultTimeout(20_000);
    page.on('request', (request) => this.requests.push(request));
    page.on('console', (message) => this.said.push(message.text()));
    page.on('pageerror', (error) => this.said.push(error.message));
  }

  static async arrive(
    browser: Browser,
    url: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Visitor> {
    const context = await browser.newContext(options);
    const visitor = new Visitor(await context.newPage(), context);
    await visitor.page.goto(url);
    return visitor;
  }

  async signIn(token: string): Promise<void> {
    await this.page.getByLabel('Admin token').fill(token);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  /** Opens a view, and waits for its heading. */
  async open(view: string, heading: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(`#/${view}`)}`);
    await this.page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await eventually(async () => (await this.page.getByText('Loading …').count()) === 0);
  }

  /** What axe finds wrong by WCAG 2.1 A and AA, a line each. */
  async violations(): Promise<readonly string[]> {
    await this.page.evaluate(axe.source);
    return this.page.evaluate(async () => {
      const { axe: run } = globalThis as unknown as { axe: typeof axe };
      const { violations } = await run.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    });
  }

  /** Everything that the browser keeps for this page, and where it is. */
  async kept(): Promise<string> {
    const inPage = await this.page.evaluate<string>(`JSON.stringify([
      { ...localStorage }, { ...sessionStorage }, location.href, history.state, document.title, document.cookie,
      document.documentElement.outerHTML, [...document.querySelectorAll('input, textarea')].map(({ value }) => value),
    ])`);
    return inPage + JSON.stringify(await this.context.storageState());
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
