import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Descriptors } from './descriptors.js';
import type { GrpcService } from './grpc-service.js';
import { Proto } from './load-proto.js';
import { isReadable } from './readable.js';

/** Of one question one member is set. */
interface Question {
  readonly host: string;
  readonly fileByFilename?: string;
  readonly fileContainingSymbol?: string;
  readonly fileContainingExtension?: object;
  readonly allExtensionNumbersOfType?: string;
  readonly listServices?: string;
}

type Call = ServerDuplexStream<Question, object>;

/** Clients still ask for the older one, which differs in nothing but its name. */
const versions = ['v1', 'v1alpha'];

/**
 * `grpc.reflection`: tells clients which services there are, and what they look like. The descriptors are those of the compiler of
 * the `.proto` files: what the library has of them has other names and no full ones, and no client can resolve it.
 */
export class Reflection {
  private readonly names: readonly string[];
  private readonly descriptors = Descriptors.ours();

  /**
   * @param served full names of all other services
   * @throws {TypeError} where one of them is not described
   */
  constructor(served: readonly string[]) {
    this.names = [...served, ...versions.map(nameOf)];
    const unknown = this.names.find((name) => !this.descriptors.fileWith(name));
    if (unknown !== undefined)
      throw new TypeError(`proto/descriptors.binpb does not describe ${unknown}: npm run docs`);
  }

  /** To be put behind the listener, beside those that they describe. */
  get services(): readonly GrpcService[] {
    return versions.map((version) => ({
      name: nameOf(version),
      proto: Proto.load(`grpc/reflection/${version}/reflection.proto`),
      methods: { serverReflectionInfo: this.answerAll },
    }));
  }

  /** Reads the next question when the client has room for the answer. */
  private readonly answerAll = (call: Call): void => {
    // A stream of objects, which the types of Node do not know.
    const stream = call as unknown as Duplex;
    // It fails where the client has gone: nobody is left to be answered.
    pipeline(stream, (questions: AsyncIterable<Question>) => this.answers(questions), stream).catch(() => undefined);
  };

  private async *answers(questions: AsyncIterable<Question>): AsyncGenerator<object> {
    for await (const question of questions) yield this.answer(question);
  }

  private answer(question: Question): object {
    return { validHost: question.host, originalRequest: question, ...this.responseTo(question) };
  }

  private responseTo(question: Question): object {
    const { fileByFilename, fileContainingSymbol, fileContainingExtension, allExtensionNumbersOfType } = question;
    if (question.listServices !== undefined)
      return { listServicesResponse: { service: this.names.map((name) => ({ name })) } };
    if (fileByFilename !== undefined) return found(this.descriptors.file(fileByFilename), 'file');
    if (fileContainingSymbol !== undefined) return found(this.descriptors.fileWith(fileContainingSymbol), 'symbol');
    // None of our messages can be extended.
    if (fileContainingExtension !== undefined || allExtensionNumbersOfType !== undefined)
      return found(undefined, 'extension');
    return refusal(status.INVALID_ARGUMENT, isReadable(question) ? 'nothing is asked' : 'the message cannot be read');
  }
}

function nameOf(version: string): string {
  return `grpc.reflection.${version}.ServerReflection`;
}

function found(files: readonly Buffer[] | undefined, kind: string): object {
  if (!files) return refusal(status.NOT_FOUND, `there is no such ${kind}`);
  return { fileDescriptorResponse: { fileDescriptorProto: files } };
}

function refusal(errorCode: status, errorMessage: string): object {
  return { errorResponse: { errorCode, errorMessage } };
}
