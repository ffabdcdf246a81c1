/** One fenced block of a page in docs/clients. */
export interface ClientBlock {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /** It is part of a server, which a test starts with it. */
  readonly isServed: boolean;
  /** It is a program that asks once. */
  readonly canRun: boolean;
  /** Why it cannot; else empty. */
  readonly why: string;
}

export function clientBlocks(): ClientBlock[];
export function runBlock(block: ClientBlock, env: Readonly<Record<string, string>>): Promise<string>;
