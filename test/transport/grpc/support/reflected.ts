import { credentials, Client, Metadata } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';

/** What a client gets as an answer to one question. */
export interface Reflected {
  readonly validHost: string;
  readonly originalRequest: Record<string, unknown>;
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly errorResponse?: { readonly errorCode: number; readonly errorMessage: string };
}

/** `FileDescriptorProto`, as far as the tests read it. */
export interface FileDescriptor extends Message {
  readonly package: string;
  readonly syntax: string;
  readonly dependency: readonly string[];
  readonly messageType: readonly Message[];
  readonly enumType: readonly { readonly name: string }[];
  readonly service: readonly {
    readonly name: string;
    readonly method: readonly { readonly name: string; readonly inputType: string; readonly outputType: string }[];
  }[];
}

/** `DescriptorProto`. */
export interface Message {
  readonly name: string;
  readonly field: readonly Field[];
  readonly nestedType: readonly Message[];
  readonly enumType: readonly { readonly name: string }[];
}

/** `FieldDescriptorProto`. */
export interface Field {
  readonly name: string;
  readonly jsonName: string;
  readonly typeName: string;
}

const file = new URL('../../../../proto/grpc/reflection/v1/reflection.proto', import.meta.url);
const { root } = protobuf.parse(readFileSync(file, 'utf8'));
const questionType = root.lookupType('ServerReflectionRequest');
const answerType = root.lookupType('ServerReflectionResponse');

/** The library adds it when the descriptors are imported, and its types do not say so. */
const Root = protobuf.Root as unknown as { fromDescriptor(set: protobuf.Message): protobuf.Root };

/** A client of reflection that shares no code with the server, and knows nothing but what it is told. */
export class ReflectionClient {
  private readonly client: Client;

  constructor(
    port: number,
    private readonly version: string,
  ) {
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Asks one thing after the other on one stream, and ends it. */
  async ask(...questions: readonly object[]): Promise<Reflected[]> {
    const call = this.client.makeBidiStreamRequest(
      `/grpc.reflection.${this.version}.ServerReflection/ServerReflectionInfo`,
      (question: object) => Buffer.from(questionType.encode(question).finish()),
      (bytes: Buffer) => answerType.toObject(answerType.decode(bytes)) as Reflected,
    );
    for (const question of questions) call.write(question);
    call.end();
    return (await call.toArray()) as Reflected[];
  }

  /** The names of all services. */
  async list(): Promise<string[]> {
    const [answer] = await this.ask({ listServices: '' });
    return answer!.listServicesResponse!.service.map(({ name }) => name);
  }

  /** Descriptors as the answer has them; none where it is an error. */
  async files(question: object): Promise<FileDescriptor[]> {
    const [answer] = await this.ask(question);
    return (answer!.fileDescriptorResponse?.fileDescriptorProto ?? []).map(fileOf);
  }

  /** Calls a method with messages that are built from reflected descriptors alone. */
  async call(service: string, method: string, request: object, metadata: Metadata): Promise<object> {
    const [answer] = await this.ask({ fileContainingSymbol: service });
    const files = answer!.fileDescriptorResponse!.fileDescriptorProto.map((bytes) =>
      descriptor.FileDescriptorProto.decode(bytes),
    );
    const set = descriptor.FileDescriptorSet.create({ file: files });
    const { requestType, responseType } = typesOf(Root.fromDescriptor(set), service, method);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        `/${service}/${method}`,
        (message: object) => Buffer.from(requestType.encode(requestType.fromObject(message)).finish()),
        (bytes: Buffer) => responseType.toObject(responseType.decode(bytes), { longs: String }),
        request,
        metadata,
        (error, response) => {
          if (error) reject(error);
          else resolve(response!);
        },
      );
    });
  }

  close(): void {
    this.client.close();
  }
}

function fileOf(bytes: Buffer): FileDescriptor {
  return descriptor.FileDescriptorProto.decode(bytes) as unknown as FileDescriptor;
}

function typesOf(
  reflected: protobuf.Root,
  service: string,
  method: string,
): { readonly requestType: protobuf.Type; readonly responseType: protobuf.Type } {
  const { requestType, responseType } = reflected.lookupService(service).methods[method]!;
  return { requestType: reflected.lookupType(requestType), responseType: reflected.lookupType(responseType) };
}
