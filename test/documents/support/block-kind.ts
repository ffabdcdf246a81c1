import type { Block } from './documents.js';

/** How blocks of one kind are held to what they say. */
export interface BlockKind {
  /** What such a block is, in words. */
  readonly name: string;
  readonly isOfKind: (block: Block) => boolean;
  /** What is wrong with it, in words. Nothing is said of a good one. */
  readonly problemsOf: (block: Block) => readonly string[] | Promise<readonly string[]>;
}
