// What a release changes in files. Texts in, texts out.

const semver = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/;

/** The files that a release writes. */
export const releasedFiles = ['package.json', 'package-lock.json', 'helm/Chart.yaml', 'helm/README.md', 'CHANGELOG.md'];

/**
 * @param texts of the files, by name
 * @param version of the release, such as `1.2.3`
 * @param date such as `2026-12-01`
 * @returns the texts as they have to be
 * @throws {Error} one line, where something speaks against it
 */
export function releaseTexts(texts, version, date) {
  if (!semver.test(version)) throw new Error(`${version} is not a version such as 1.2.3`);
  const before = JSON.parse(texts['package.json']).version;
  return {
    'package.json': replaceOnce(texts, 'package.json', `"version": "${before}"`, `"version": "${version}"`),
    'package-lock.json': lockOf(texts['package-lock.json'], version),
    'helm/Chart.yaml': texts['helm/Chart.yaml'].replace(/^(version|appVersion): .*$/gm, `$1: ${version}`),
    'helm/README.md': texts['helm/README.md'].replaceAll(`assay:${before}`, `assay:${version}`),
    'CHANGELOG.md': changelogOf(texts['CHANGELOG.md'], version, date),
  };
}

function lockOf(text, version) {
  const lock = JSON.parse(text);
  lock.version = version;
  lock.packages[''].version = version;
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}

/** What was unreleased is released, and the next begins. */
function changelogOf(text, version, date) {
  if (text.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md has ${version} already`);
  const unreleased = text.split('## [Unreleased]\n')[1]?.split('\n## ')[0] ?? '';
  if (!/^- /m.test(unreleased)) throw new Error('CHANGELOG.md says nothing under [Unreleased]');
  return text.replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`);
}

function replaceOnce(texts, file, from, to) {
  if (texts[file].split(from).length !== 2) throw new Error(`${file}: not exactly one ${from}`);
  return texts[file].replace(from, to);
}
