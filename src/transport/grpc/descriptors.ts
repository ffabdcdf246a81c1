/** Knows all `.proto` files of this service by what they define, for gRPC server reflection. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { packageRoot } from '../../shared/package-root.js';
import { Proto } from './load-proto.js';

/** One `.proto` file as the compiler of Protocol Buffers describes it. */
interface File {
  /** `FileDescriptorProto`, byte for byte as the compiler wrote it. */
  readonly bytes: Buffer;
  readonly dependency: readonly string[];
}

/** What has a name in a file, as `descriptor.proto` has it. */
interface Named {
  readonly name: string;
  readonly [members: string]: unknown;
}

interface FileDescriptor extends Named {
  readonly package: string;
  readonly dependency: readonly string[];
}

/** Lists of a file or a message whose names stand below its own. */
const lists = ['messageType', 'nestedType', 'enumType', 'service', 'method', 'field', 'oneofDecl', 'extension'];

/**
 * The descriptors that gRPC server reflection hands out: of our interfaces and of all that they import, so that a client such as grpcurl can
 * build messages without our `.proto` files.
 */
export class Descriptors {
  private readonly files = new Map<string, File>();
  private readonly fileOfSymbol = new Map<string, string>();

  /** @param set a serialized `FileDescriptorSet` */
  constructor(set: Buffer) {
    for (const bytes of filesOf(set)) {
      const file = descriptor.FileDescriptorProto.decode(bytes) as unknown as FileDescriptor;
      this.files.set(file.name, { bytes, dependency: file.dependency });
      this.index(file, file.package, file.name);
    }
  }

  /** Those that `npm run docs` has made of everything below `proto/`. */
  static ours(): Descriptors {
    return new Descriptors(readFileSync(join(packageRoot, 'proto', 'descriptors.binpb')));
  }

  /** @returns the file and all that it needs, the file first; `undefined` where there is none of this name */
  file(name: string): readonly Buffer[] | undefined {
    if (!this.files.has(name)) return undefined;
    const needed = new Set([name]);
    // A set may grow while it is walked through.
    for (const each of needed) for (const other of this.files.get(each)?.dependency ?? []) needed.add(other);
    return [...needed].flatMap((each) => this.files.get(each)?.bytes ?? []);
  }

  /** The same for the file that defines `symbol`: a message, an enum, a service, or a member of one, by its full name. */
  fileWith(symbol: string): readonly Buffer[] | undefined {
    const name = this.fileOfSymbol.get(symbol);
    return name === undefined ? undefined : this.file(name);
  }

  private index(parent: Named, scope: string, file: string): void {
    for (const list of lists) {
      for (const member of (parent[list] ?? []) as readonly Named[]) {
        const symbol = scope === '' ? member.name : `${scope}.${member.name}`;
        this.fileOfSymbol.set(symbol, file);
        // Values of an enum are named beside it, not below it.
        for (const { name } of (member['value'] ?? []) as readonly Named[])
          this.fileOfSymbol.set(scope === '' ? name : `${scope}.${name}`, file);
        this.index(member, symbol, file);
      }
    }
  }
}

/** The files of a set as bytes: this message has the same form, and leaves them as they are. */
function filesOf(set: Buffer): readonly Buffer[] {
  const proto = Proto.load('grpc/reflection/v1/reflection.proto');
  const { fileDescriptorProto } = proto.deserialize('grpc.reflection.v1.FileDescriptorResponse', set) as {
    readonly fileDescriptorProto: readonly Buffer[];
  };
  return fileDescriptorProto;
}
