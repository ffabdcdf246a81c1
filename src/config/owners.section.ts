/** The section `owners`: what included files of other teams may say. */
import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { listField, Section, TextList } from '../shared/configuration/composite-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { Rule } from '../shared/configuration/field.js';
import {
  grantableSettings,
  isPlainUrl,
  type CallerRights,
  type GrantableSetting,
  type OwnerRights,
} from '../shared/configuration/owner-rights.js';
import type { Place } from '../shared/configuration/place.js';
import { FlagField, TextField } from '../shared/configuration/scalar-fields.js';
import { optionalValue } from '../shared/configuration/section-form.js';
import { FilePattern } from './file-patterns.js';

/** Which rights callers in an included file may have. */
export class OwnedCallersSection implements CallerRights {
  @TextList('ids of issuers of other files that they may see, or the word any; those with `idPrefix` always', {
    default: [],
    any: true,
    example: ['corp'],
  })
  readonly issuers!: readonly string[] | 'any';

  @TextList('audiences that they may name, or the word any', { required: true, any: true })
  readonly audiences!: readonly string[] | 'any';

  @TextList('claims that they may see, or the word any', { required: true, any: true })
  readonly claims!: readonly string[] | 'any';
}

/** What the main file lets some of the included ones say. */
export class OwnerSection {
  @TextField('included files: a file, or a pattern as in `include`; the first entry that names a file counts', {
    required: true,
    example: '/etc/assay/issuers.d/shop*.yaml',
  })
  readonly files!: string;

  @FlagField('these files have all rights of the main file', { default: false })
  readonly trusted!: boolean;

  @TextField('what ids of their issuers and callers begin with', {
    pattern: /^[a-z0-9][a-z0-9._-]{0,61}[._-]$/,
    expected: 'a text that ends in a dash, dot or underscore, such as shop-',
    example: 'shop-',
  })
  readonly idPrefix?: string;

  @TextList('`iss` that they may register: a URL stands for all below it, by whole parts of its path', {
    default: [],
    example: ['https://login.shop.example'],
  })
  readonly issuers!: readonly string[];

  @Section('they may register callers, with at most these rights; absent: none', () => OwnedCallersSection)
  readonly callers?: OwnedCallersSection;

  @TextList('settings that reach further than a registration, and that they may use', {
    default: [],
    words: grantableSettings,
    example: ['network.caFile'],
  })
  readonly settings!: readonly GrantableSetting[];

  @TextList('directories whose files they may name, beside their own', { default: [], example: ['/run/secrets/shop'] })
  readonly directories!: readonly string[];

  @TextList('environment variables that they may read', { default: [], example: ['SHOP_TENANT'] })
  readonly environment!: readonly string[];

  @Rule('trusted', 'idPrefix')
  refuseWithoutPrefix(place: Place): void {
    if (this.trusted || this.idPrefix !== undefined) return;
    place.at('idPrefix').refuse('nothing', 'what their ids begin with, or trusted: true');
  }

  @Rule('issuers')
  refuseOddIdentifiers(place: Place): void {
    for (const [i, text] of this.issuers.entries()) {
      if (!text.includes('/') || isPlainUrl(text)) continue;
      const expected = 'a URL such as https://login.shop.example, without *, query and percent, or a name without /';
      place.at('issuers').at(i).refuse(describe(text), expected);
    }
  }
}

const list = listField(
  'what included files may say; without it they have all rights of the main file',
  () => OwnerSection,
);

/** `owners`: what each included file may say. A file that no entry names may then say nothing. */
export const ownersSection: ConfigurationSection<
  'owners',
  readonly OwnerSection[] | undefined,
  readonly OwnerSection[] | undefined
> = {
  key: 'owners',
  form: optionalValue<readonly OwnerSection[] | undefined>(list, undefined),
  checkWritten: (file) => {
    const [include, owners] = [file.at('include'), file.at('owners')];
    if (include.isThere && !owners.isThere) {
      const remedy = 'owners, which says what each of them may register; or trusted: true in it, where that is meant';
      include.place.warn('no owners: who can write such a file has all rights of this one', remedy);
    }
    if (owners.isThere && !include.isThere) owners.place.warn('owners without include', 'include, or nothing');
  },
  prepare: (owners) => owners,
  needsRestart: () => [],
};

/** What one included file may say, and read. */
export interface FileRights {
  /** Absent: as the main file. */
  readonly rights?: OwnerRights;
  /** Directories beside its own, and environment variables; absent: any. */
  readonly reads?: Pick<OwnerSection, 'directories' | 'environment'>;
}

const nothing: FileRights = {
  rights: { idPrefix: '', issuers: [], settings: [] },
  reads: { directories: [], environment: [] },
};

/** What a file may say. @param directory of the main file @param file absolute path */
export function rightsOf(owners: readonly OwnerSection[] | undefined, directory: string, file: string): FileRights {
  if (!owners) return {};
  const owner = owners.find(({ files }) => FilePattern.of(files, directory).includes(file));
  if (owner?.trusted) return {};
  if (owner?.idPrefix === undefined) return nothing;
  const { idPrefix, issuers, callers, settings, directories, environment } = owner;
  return {
    rights: { idPrefix, issuers, settings, ...(callers && { callers }) },
    reads: { directories, environment },
  };
}
