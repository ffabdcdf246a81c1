import { jsonAnswers } from './answers.js';
import type { BlockKind } from './block-kind.js';
import type { Block } from './documents.js';
import { filledIn, includedFile, ourConfiguration } from './our-configuration.js';
import { otherPrograms } from './other-programs.js';
import { diagrams, folderOrder, helpTexts, pictures, queries, redisRights } from './pictures.js';
import { parsedPrograms, startedPrograms } from './programs.js';
import { scripts } from './scripts.js';

/** All kinds: a block is of the first one that it fits. */
export const kinds: readonly BlockKind[] = [
  ...otherPrograms,
  filledIn,
  includedFile,
  ourConfiguration,
  jsonAnswers,
  scripts,
  startedPrograms,
  parsedPrograms,
  queries,
  helpTexts,
  folderOrder,
  redisRights,
  pictures,
  diagrams,
];

/** The kind of a block; `undefined` where it is of none. */
export function kindOf(block: Block): BlockKind | undefined {
  return kinds.find((kind) => kind.isOfKind(block));
}
