import { aConfiguration, type Raw, type RawSection } from './a-configuration.js';

/** One mistake in a configuration, and what is said of it. */
export interface Mistake {
  readonly name: string;
  readonly make: (configuration: Raw) => void;
  readonly path: string;
  readonly found: string | RegExp;
  readonly expected: string | RegExp;
  /** A schema cannot know: the mistake is between fields, or in what a text means. */
  readonly needsLoader?: true;
}

/** A configuration with nothing wrong but this. */
export function withMistake({ make }: Mistake): Raw {
  const configuration = aConfiguration();
  make(configuration);
  return configuration;
}

/** Sets members of the issuer. */
export const withIssuer = (members: RawSection) => (raw: Raw) => void Object.assign(raw.issuers[0]!, members);

/** Registers another issuer that is like the first one except for `members`. */
export const withSecondIssuer = (members: RawSection) => (raw: Raw) =>
  void raw.issuers.push({ ...raw.issuers[0], id: 'second', issuer: 'https://second.example', ...members });

/** Sets members of the caller. */
export const withCaller = (members: RawSection) => (raw: Raw) => void Object.assign(raw.callers[0]!, members);

/** Writes the section of the server. */
export const withServer = (server: RawSection) => (raw: Raw) => void (raw['server'] = server);

/** Writes a section or anything else at the top. */
export const withTop = (members: RawSection) => (raw: Raw) => void Object.assign(raw, members);
