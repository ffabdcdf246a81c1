import { command, exitCodes, jsonOption } from './command.js';
import { version } from '../shared/package-root.js';

/** `assay version`: which program this is. */
export const versionCommand = command({
  name: 'version',
  summary: 'says which version this is, and of Node',
  operands: [],
  options: { json: jsonOption },
  description: `Says the version of Assay, and of the Node.js that runs it.
`,
  ends: [[exitCodes.good, 'always']],
  examples: ['assay version', 'docker run --rm IMAGE version --json'],
  run: ({ options }, { print }) => {
    const node = process.versions.node;
    print(options.json ? `${JSON.stringify({ version, node })}\n` : `assay ${version}\nNode.js ${node}\n`);
    return Promise.resolve(exitCodes.good);
  },
});
