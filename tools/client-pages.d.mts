/** One fenced block of a page. */
export interface ClientBlock {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** Its page says that it is to be run. */
  readonly isRun: boolean;
  /** It is part of a server, which a test starts with it. */
  readonly isServed: boolean;
  /** It is a program that asks once. */
  readonly canRun: boolean;
  /** Why it cannot; else empty. */
  readonly why: string;
}

export function clientBlocks(): ClientBlock[];
export function runnableBlocks(page: string): ClientBlock[];
export function runBlock(block: ClientBlock, env: Readonly<Record<string, string>>): Promise<string>;
