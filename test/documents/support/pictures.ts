// Blocks that are no language of a machine: each is made of something that there is, or is a picture.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../../src/cli/commands.js';
import { helpOf, overviewOf } from '../../../src/cli/help.js';
import { RedisServer } from '../../redis/redis-server.js';
import { readQuery } from '../../telemetry/support/promql.js';
import type { BlockKind } from './block-kind.js';
import { root } from './documents.js';

/** PromQL, asked of names, labels and values that there are. */
export const queries: BlockKind = {
  name: 'PromQL',
  isOfKind: ({ language }) => language === 'promql',
  problemsOf: ({ text }) => readQuery(text).problems,
};

/** What the program prints itself. */
export const helpTexts: BlockKind = {
  name: 'help of a command',
  isOfKind: ({ language }) => language === 'text',
  problemsOf: ({ text }) =>
    [overviewOf(commands), ...commands.map(helpOf)].some((help) => help.trim() === text.trim())
      ? []
      : ['no command prints this: `npm run docs` writes it anew'],
};

/** The folders of src/. Their order is in test/house/architecture.spec.ts. */
export const folderOrder: BlockKind = {
  name: 'order of the folders',
  isOfKind: ({ language, text }) => language === '' && text.includes(' ‹ '),
  problemsOf: ({ text }) =>
    text
      .trim()
      .split(' ‹ ')
      .filter((folder) => !existsSync(join(root, 'src', folder))),
};

const edges = /[│└┌┐┘├┤─┴┬▶]/u;

/** A picture drawn with lines: nobody sees it where the lines are longer than a page is wide. */
export const pictures: BlockKind = {
  name: 'picture',
  isOfKind: ({ language, text }) => language === '' && edges.test(text),
  problemsOf: ({ text }) => text.split('\n').filter((line) => line.length > 110),
};

/** States and what leads from one to the next: every line is one of these. */
export const diagrams: BlockKind = {
  name: 'diagram of states',
  isOfKind: ({ language, text }) => language === 'mermaid' && text.startsWith('stateDiagram-v2\n'),
  problemsOf: ({ text }) =>
    text
      .trimEnd()
      .split('\n')
      .slice(1)
      .filter((line) => !/^ {2}(?:\w+|\[\*\]) --> \w+(?:: [^:;#{}]+)?$/u.test(line)),
};

/** The rights of a Redis user: a real Redis has to take them. What Assay can do with them is in test/e2e/redis-user.spec.ts. */
export const redisRights: BlockKind = {
  name: 'rights of a Redis user',
  isOfKind: ({ language, text }) => language === '' && text.startsWith('user '),
  problemsOf: async ({ text }) => {
    const rights = text.trim().replace('>…', '>a-password').replaceAll(/\s+/gu, ' ');
    try {
      const redis = await RedisServer.start([rights]);
      await redis.stop();
      return [];
    } catch (error) {
      return [`Redis does not take this: ${String(error)}`];
    }
  },
};
