import { loadSync, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { join } from 'node:path';
import { packageRoot } from '../../shared/package-root.js';

/** The interfaces of this program. */
const ourProtos = join(packageRoot, 'proto');

/** Everything that a `.proto` file and its imports define, by full name. */
export class Proto {
  private constructor(readonly definitions: PackageDefinition) {}

  /** @param file below `proto/`, or an absolute path */
  static load(file: string): Proto {
    // A field that was not set is absent, in requests and in responses; an int64 is text, because a double would round it.
    return new Proto(loadSync(file, { includeDirs: [ourProtos], longs: String, enums: String, defaults: true }));
  }

  /** @throws {TypeError} where the file does not define a service of this full name */
  service(name: string): ServiceDefinition {
    const found = this.definitions[name];
    if (found === undefined || 'format' in found) throw new TypeError(`no service ${name}`);
    return found;
  }

  /** @throws {TypeError} where the file does not define a message of this full name */
  serialize(name: string, message: object): Buffer {
    const found = this.definitions[name];
    if (found === undefined || !('serialize' in found)) throw new TypeError(`no message ${name}`);
    return (found.serialize as (message: object) => Buffer)(message);
  }

  /** @throws {TypeError} where the file does not define a message of this full name */
  deserialize(name: string, bytes: Buffer): object {
    const found = this.definitions[name];
    if (found === undefined || !('deserialize' in found)) throw new TypeError(`no message ${name}`);
    return (found.deserialize as (bytes: Buffer) => object)(bytes);
  }
}
