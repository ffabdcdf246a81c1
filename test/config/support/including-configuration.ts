import { rm } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { ActiveConfiguration, IncludedFile } from '../../../src/shared/configuration/active-configuration.js';
import { aConfiguration, type RawSection } from './a-configuration.js';
import { FollowedConfiguration } from './followed-configuration.js';

/** What every issuer here is registered with. */
export const terms = { algorithms: ['RS256'], audiences: ['https://api.corp.example'] };

/** Files of teams that may say everything. */
export const include = { include: 'issuers.d/*.yaml', owners: [{ files: 'issuers.d/*.yaml', trusted: true }] };

/** Ten teams. */
export const names = Array.from({ length: 10 }, (_, i) => `team-${i}`);

/** What a team registers: an issuer of its own, unless another is named. */
export function team(id: string, issuer = `https://${id}.example`, members: RawSection = {}): string {
  return stringify({ issuers: { [id]: { issuer, ...terms, ...members } } });
}

/** A followed configuration that includes the files of a directory beside it. */
export class IncludingConfiguration {
  private active: ActiveConfiguration | undefined;

  private constructor(readonly followed: FollowedConfiguration) {}

  static async create(): Promise<IncludingConfiguration> {
    const followed = await FollowedConfiguration.create();
    await followed.directory.configure({ ...aConfiguration(), ...include });
    return new IncludingConfiguration(followed);
  }

  write(name: string, text: string): Promise<string> {
    return this.followed.directory.write(`issuers.d/${name}.yaml`, text);
  }

  remove(name: string): Promise<void> {
    return rm(this.followed.directory.at(`issuers.d/${name}.yaml`));
  }

  async start(): Promise<void> {
    this.active = await this.followed.start();
  }

  /** How each file stands, by its name. */
  get states(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.included.map(({ file, state }) => [/[^/]*(?=\.yaml$)/.exec(file)![0], state]));
  }

  get problems(): IncludedFile['problems'] {
    return this.included.flatMap((file) => file.problems);
  }

  private get included(): readonly IncludedFile[] {
    return this.active?.version.included ?? [];
  }
}
