// What the image carries, as a CycloneDX document.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from './project.mjs';

/**
 * By npm, of a project that has no development dependencies: told to leave them out, npm also leaves out what both kinds need.
 * @returns the document
 */
export function sbom() {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-sbom-'));
  try {
    const [project, lock] = ['package.json', 'package-lock.json'].map((file) =>
      JSON.parse(readFileSync(at(file), 'utf8')),
    );
    for (const each of [project, lock.packages['']]) delete each.devDependencies;
    lock.packages = Object.fromEntries(Object.entries(lock.packages).filter(([, { dev }]) => !dev));
    writeFileSync(join(scratch, 'package.json'), JSON.stringify(project));
    writeFileSync(join(scratch, 'package-lock.json'), JSON.stringify(lock));
    const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: scratch, encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`npm sbom: ${stderr.trim()}`);
    return stdout;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
