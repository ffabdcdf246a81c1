import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess, freePorts, type Ports } from './support/assay-process.js';
import {
  callerSection,
  configurationOf,
  introspect,
  issuerSection,
  ordersApi,
  probe,
  type Section,
} from './support/configuration.js';

const second = { id: 'billing-api', secret: 'billing-secret-Rk5Hx9Tb2QmYv7Jc' };

/** A volume as Kubernetes mounts a ConfigMap: a symbolic link to the current directory, replaced in one step. */
class ConfigMap {
  private version = 0;

  constructor(readonly directory: string) {}

  get file(): string {
    return join(this.directory, 'assay.yaml');
  }

  async write(text: string): Promise<void> {
    const version = `..version-${(this.version += 1)}`;
    await mkdir(join(this.directory, version));
    await writeFile(join(this.directory, version, 'assay.yaml'), text);
    await symlink(version, join(this.directory, '..data-next'));
    await rename(join(this.directory, '..data-next'), join(this.directory, '..data'));
    if (this.version === 1) await symlink('..data/assay.yaml', this.file);
  }
}

describe('the configuration changes while the program runs', () => {
  let corp: FakeIssuer;
  let shop: FakeIssuer;
  let ports: Ports;
  let configMap: ConfigMap;
  let assay: AssayProcess;

  const configure = (issuers: Section[], callers: Section[] = []): string => {
    const whole = configurationOf(ports, issuers);
    return JSON.stringify({ ...whole, callers: [...whole.callers, ...callers] });
  };

  beforeEach(async () => {
    [corp, shop] = await Promise.all([FakeIssuer.start(), FakeIssuer.start()]);
    ports = await freePorts();
    configMap = new ConfigMap(await mkdtemp(join(tmpdir(), 'assay-config-')));
    await configMap.write(configure([issuerSection('corp', corp)]));
    assay = await AssayProcess.run({ env: { ASSAY_CONFIG: configMap.file } }, ports);
    await assay.ready();
  });

  afterEach(async () => {
    await assay.stop();
    await Promise.all([corp.stop(), shop.stop(), rm(configMap.directory, { recursive: true })]);
  });

  const isActive = async (token: string, caller = ordersApi): Promise<boolean> =>
    (await introspect(assay, token, caller)).body['active'] === true;

  it('registers an issuer and removes it again, with a swap of symbolic links', async () => {
    const [ofCorp, ofShop] = [await corp.sign(), await shop.sign()];
    expect([await isActive(ofCorp), await isActive(ofShop)]).toEqual([true, false]);

    await configMap.write(configure([issuerSection('corp', corp), issuerSection('shop', shop)]));
    await eventually(() => isActive(ofShop));

    await configMap.write(configure([issuerSection('shop', shop)]));
    await eventually(async () => !(await isActive(ofCorp)));
    expect([await isActive(ofCorp), await isActive(ofShop)]).toEqual([false, true]);
  });

  it('registers a caller and refuses it again', async () => {
    const token = await corp.sign();
    const status = async (): Promise<number> => (await introspect(assay, token, second)).status;
    expect(await status()).toBe(401);

    await configMap.write(configure([issuerSection('corp', corp)], [callerSection(second.id, second.secret)]));
    await eventually(async () => (await status()) === 200);

    await configMap.write(configure([issuerSection('corp', corp)]));
    await eventually(async () => (await status()) === 401);
  });

  it('drops no request meanwhile', async () => {
    const token = await corp.sign();
    const answers: Promise<boolean>[] = [];
    for (let change = 0; change < 3; change += 1) {
      await configMap.write(configure([issuerSection('corp', corp), issuerSection(`shop-${change}`, shop)]));
      const reloads = change + 1;
      await eventually(() => {
        answers.push(isActive(token));
        return assay.log.filter((line) => line['msg'] === 'configuration reloaded').length === reloads;
      });
    }

    expect(new Set(await Promise.all(answers))).toEqual(new Set([true]));
  });

  it('L-01 keeps the old configuration when the new one is wrong, says so, and stays ready', async () => {
    const token = await corp.sign();
    await configMap.write(configure([{ ...issuerSection('corp', corp), algorithms: ['none'] }]));
    await eventually(() => assay.output.includes('configuration not reloaded'));

    expect(await isActive(token)).toBe(true);
    expect(await probe(assay, '/readyz')).toBe(200);
  });

  it('reloads on SIGHUP', async () => {
    assay.signal('SIGHUP');
    await eventually(() => assay.log.some((line) => /configuration (reloaded|unchanged)/.test(String(line['msg']))));

    expect(await isActive(await corp.sign())).toBe(true);
  });
});
