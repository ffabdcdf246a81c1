import { FileText, unreadable } from '../../../src/shared/configuration/field.js';
import { readSection } from '../../../src/shared/configuration/read-section.js';
import { noPause } from '../../../src/shared/pause.js';
import type { Issuer } from '../../../src/issuers/issuer.js';
import { IssuerSection } from '../../../src/issuers/issuers.config.js';
import { prepareIssuers } from '../../../src/issuers/prepare-issuers.js';
import { RecordedProblems } from '../../builders/recorded-problems.js';

/** What the service makes of issuers as somebody writes them, and what it says of them. @param files by the names that they have there */
export async function prepared(issuers: readonly object[], files: Readonly<Record<string, string>> = {}) {
  const recorded = new RecordedProblems();
  const place = recorded.place('issuers');
  const file = (name: string): FileText => new FileText(name, files[name] ?? '');
  const reading = { file, isSubstituted: () => false, isDemo: false };
  const usual = { algorithms: ['ES256'], audiences: ['https://api.corp.example'] };
  const sections = issuers.map((raw, i) => readSection(IssuerSection, { ...usual, ...raw }, place.at(i), reading));
  const sound = sections.filter((section) => section !== unreadable);
  const isSound = sound.length === sections.length;
  const result: readonly Issuer[] = isSound ? await prepareIssuers(sound, { place, nowMs: 0, pause: noPause }) : [];
  const { problems, paths } = recorded;
  return { prepared: result, problems, paths };
}

/** The one issuer that is made of this. */
export async function onlyIssuer(raw: object, files: Readonly<Record<string, string>> = {}): Promise<Issuer> {
  const { prepared: all, problems } = await prepared([raw], files);
  const [issuer] = all;
  if (!issuer) throw new Error(JSON.stringify(problems));
  return issuer;
}
