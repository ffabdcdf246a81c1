// Describes the interfaces below `proto` as their compiler sees them: what gRPC reflection tells its clients.
import { execFileSync } from 'node:child_process';
import { at, node24 } from './project.mjs';

/** @returns {Buffer} a serialized `FileDescriptorSet`: all files and what they import */
export function descriptors() {
  const args = ['build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-#format=binpb'];
  return execFileSync(node24, [at('node_modules', '.bin', 'buf'), ...args], { cwd: at() });
}
