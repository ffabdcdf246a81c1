/** One fenced block of a page in docs/clients. */
export interface ClientBlock {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  readonly canRun: boolean;
  /** Why it cannot; else empty. */
  readonly why: string;
}

export function clientBlocks(): ClientBlock[];
export function runBlock(block: ClientBlock, env: Readonly<Record<string, string>>): Promise<string>;
