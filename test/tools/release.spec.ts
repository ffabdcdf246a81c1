import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const carried = ['tools', 'helm', 'package.json', 'package-lock.json', 'CHANGELOG.md', '.gitignore'];

describe('npm run release', () => {
  let clone: string;

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      cwd: clone,
      encoding: 'utf8',
    });
  const release = (version: string) => {
    const args = [join(clone, 'tools', 'release.mjs'), version, '--skip-tests'];
    const env = { ...process.env, GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'test' };
    const identity = { GIT_CONFIG_KEY_1: 'user.email', GIT_CONFIG_VALUE_1: 'test@example.com' };
    return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...env, ...identity } });
  };
  const read = (file: string): string => readFileSync(join(clone, file), 'utf8');

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'assay-release-'));
    for (const each of carried) cpSync(join(root, each), join(clone, each), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    writeFileSync(join(clone, 'CHANGELOG.md'), '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n');
    writeFileSync(join(clone, '.git-ignored'), '');
    git('init', '--quiet');
    git('add', '--all', ':!node_modules');
    git('commit', '--quiet', '--message', 'before');
    writeFileSync(join(clone, '.git', 'info', 'exclude'), 'node_modules\n');
  });

  afterAll(() => {
    rmSync(clone, { recursive: true });
  });

  it.each([
    ['1.2', 'not a version'],
    ['v1.2.3', 'not a version'],
    ['', 'not a version'],
  ])('refuses "%s", and changes nothing', (version, message) => {
    const { status, stderr } = release(version);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('refuses what is not committed', () => {
    writeFileSync(join(clone, 'README.md'), 'changed');
    expect(release('1.2.3').stderr).toContain('not committed');
    rmSync(join(clone, 'README.md'));
  });

  it('sets the version everywhere, commits, tags, and builds the chart and the SBOM', () => {
    const { status, stderr } = release('1.2.3');
    expect([status, stderr]).toEqual([0, '']);
    expect(git('describe', '--exact-match').trim()).toBe('v1.2.3');
    expect(git('status', '--porcelain')).toBe('');
    expect((JSON.parse(read('package.json')) as { version: string }).version).toBe('1.2.3');
    expect(parse(read('helm/Chart.yaml'))).toMatchObject({ version: '1.2.3', appVersion: '1.2.3' });
    expect(read('CHANGELOG.md')).toMatch(
      /## \[Unreleased\]\n\n## \[1\.2\.3\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- Something\./,
    );
    expect(readdirSync(join(clone, 'release')).sort()).toEqual(['assay-1.2.3.tgz', 'sbom.cdx.json']);
  });

  it('has an SBOM with what the image has, and nothing that only tests need', () => {
    const sbom = JSON.parse(read('release/sbom.cdx.json')) as {
      bomFormat: string;
      metadata: { component: { version: string } };
      components: { name: string; version: string }[];
    };
    expect([sbom.bomFormat, sbom.metadata.component.version]).toEqual(['CycloneDX', '1.2.3']);
    const names = sbom.components.map(({ name }) => name);
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const bare = (name: string): string => name.split('/').at(-1)!;
    for (const name of Object.keys(dependencies!)) expect(names.map(bare)).toContain(bare(name));
    for (const name of ['vitest', 'eslint', 'node']) {
      expect(devDependencies).toHaveProperty(name);
      expect(names).not.toContain(name);
    }
  });

  it('refuses the same version again, and one of which nothing is said', () => {
    expect(release('1.2.3').stderr).toContain('not released');
    expect(release('1.2.4').stderr).toContain('says nothing under [Unreleased]');
  });
});

describe('the list of licences', () => {
  it('refuses a licence that nobody has thought about, by name', () => {
    const lock = {
      packages: {
        '': {},
        'node_modules/odd': { version: '1.0.0', license: 'SSPL-1.0' },
        'node_modules/fine': { version: '2.0.0', license: 'MIT' },
      },
    };
    const code = `const { licences } = await import(${JSON.stringify(join(root, 'tools', 'licences.mjs'))}); licences(${JSON.stringify(lock)});`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('licences that nobody has thought about: odd (SSPL-1.0)');
    expect(stderr).not.toContain('fine');
  });
});
