import { readFileSync } from 'node:fs';
import type { IssuerNetwork } from '../../issuers/issuer-network.js';
import { maskedUrl, readKeyUrl } from '../../shared/key-url.js';
import { WrongCall } from '../command.js';

/** Options of commands that ask an issuer that is in no configuration yet. */
export const networkOptions = {
  'allow-private': { help: 'the issuer may be in a private network, or at http on this machine' },
  'ca-file': { argument: 'FILE', help: 'PEM of the authorities to trust for it, instead of those of the system' },
} as const;

/** What was given for {@link networkOptions}. */
interface GivenNetwork {
  readonly 'allow-private': boolean;
  readonly 'ca-file': string | undefined;
}

/** How the issuer may be reached. @throws {WrongCall} */
export function networkFrom({ 'allow-private': allowPrivate, 'ca-file': caFile }: GivenNetwork): IssuerNetwork {
  return { allowPrivate, ...(caFile !== undefined && { ca: textOf(caFile, 'ca-file') }) };
}

/** The content of a file that an option names. @throws {WrongCall} */
export function textOf(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new WrongCall(`--${option}: the file cannot be read (${code})`);
  }
}

/** A URL that may be asked. @throws {WrongCall} */
export function soundUrl(text: string, network: IssuerNetwork): string {
  const url = readKeyUrl(text, network);
  if (url instanceof URL) return text;
  throw new WrongCall(
    `${maskedUrl(text)}: ${url}; expected an https URL, or an http one of this machine with --allow-private`,
  );
}
