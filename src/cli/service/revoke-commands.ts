import { stringify } from 'yaml';
import { revocationKinds } from '../../revocation/tokens/revocation.js';
import { WrongCall, command, exitCodes, jsonOption, type CommandHost, type ExitCode } from '../command.js';
import { ServiceClient, sayRefusal, serviceOptions, type ServiceAnswer } from './service-client.js';

const LONGEST_VALUE_BYTES = 1_024;

/** `assay revoke`: ends tokens before their time at every replica, by the admin API of one of them. */
export const revokeCommand = command({
  name: 'revoke',
  summary: 'ends a token, a session, or the tokens of a subject, client or issuer at a running service',
  operands: [{ name: 'ISSUER' }],
  options: {
    kind: { argument: 'KIND', help: `one of ${revocationKinds.join(', ')}` },
    reason: { argument: 'TEXT', help: 'why, for those who read the audit trail' },
    until: { argument: 'TIME', help: 'when it ends; by itself when no such token can be left' },
    tenant: { argument: 'TENANT', help: 'where the issuer has many' },
    ...serviceOptions,
    json: jsonOption,
  },
  description: `ISSUER is the id of a registration. The id of the token, session, subject or client is read from standard
input; of kind issuer nothing is read, and all of its tokens issued up to now end. Takes the token of an
operator. What each kind ends, how fast and for how long: docs/revocation.md.
`,
  ends: [
    [exitCodes.good, 'it is in force there, and on its way to the others: the answer says how far'],
    [exitCodes.no, 'the service refuses: the reason is on standard error'],
    [exitCodes.unavailable, 'the service does not answer, or cannot do it now'],
  ],
  examples: [
    "printf %s anna | assay revoke corp --kind subject --reason 'left the company, INC-4712'",
    "assay revoke corp --kind issuer --reason 'its key was stolen' --admin-token-file /run/secrets/operator",
  ],
  run: async ({ operands: [issuer = ''], options }, host) => {
    const { kind, reason, until, tenant } = options;
    if (kind === undefined || reason === undefined) throw new WrongCall('--kind and --reason are needed');
    const value = kind === 'issuer' ? undefined : (await host.readInput(LONGEST_VALUE_BYTES))?.replace(/\r?\n$/, '');
    if (value === '') throw new WrongCall(`standard input has to say which ${kind.slice(0, 20)}`);
    const service = new ServiceClient(options, host);
    const body = { kind, reason, ...given({ value, until, tenant }) };
    return say(
      await service.ask('POST', `issuers/${encodeURIComponent(issuer)}/revocations`, body),
      options.json,
      host,
    );
  },
});

/** `assay revocations`: what was revoked of an issuer. */
export const revocationsCommand = command({
  name: 'revocations',
  summary: 'lists what was revoked of an issuer at a running service',
  operands: [{ name: 'ISSUER' }],
  options: {
    cursor: { argument: 'NEXT', help: 'the next of the page before; 100 are shown at a time' },
    ...serviceOptions,
    json: jsonOption,
  },
  description: `ISSUER is the id of a registration. Prints the revocations that are in force, with who decided them and why.
`,
  ends: [
    [exitCodes.good, 'they are listed; there may be none'],
    [exitCodes.no, 'the service refuses: the reason is on standard error'],
    [exitCodes.unavailable, 'the service does not answer, or cannot do it now'],
  ],
  examples: ['assay revocations corp', "assay revocations corp --json | jq '.revocations[].id'"],
  run: async ({ operands: [issuer = ''], options }, host) => {
    const page = options.cursor === undefined ? '' : `?cursor=${encodeURIComponent(options.cursor)}`;
    const path = `issuers/${encodeURIComponent(issuer)}/revocations${page}`;
    return say(await new ServiceClient(options, host).ask('GET', path), options.json, host);
  },
});

function say(answer: ServiceAnswer, isJson: boolean, host: CommandHost): ExitCode {
  if (answer.status < 200 || answer.status > 299) return sayRefusal(answer, host);
  host.print(isJson ? `${JSON.stringify(answer.body)}\n` : stringify(answer.body, { lineWidth: 0 }));
  return exitCodes.good;
}

function given(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
