import { createParamDecorator, Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { getMetadataStorage, validateSync } from 'class-validator';
import { Clock } from '../shared/clock.js';
import { isJsonObject, type JsonObject } from '../shared/json-value.js';
import { readStrictJson } from '../shared/strict-json.js';
import type { AdminRequest } from './admin-authenticator.js';
import { AdminProblem, type FieldProblem } from './admin-problem.js';

/** What a request of the admin API is made of, before anything in it is believed. */
export interface RawInput {
  readonly body: Uint8Array | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** A request of the admin API, as a class that says with class-validator what each of its fields must be. */
export abstract class AdminInput {
  /** Fields that are parameters of the path. */
  static readonly path: readonly string[] = [];
  /** Fields that are parameters of the query; others that are sent are ignored. */
  static readonly query: readonly string[] = [];
  /** Status for fields that are wrong. */
  static readonly status: 400 | 422 = 422;

  /** Wall time at which the request is judged, milliseconds since the epoch. */
  readonly nowMs: number;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }
}

type InputClass = (new (nowMs: number) => AdminInput) & Pick<typeof AdminInput, 'path' | 'query' | 'status'>;

/** Gives a handler its input, checked by the pipe that is named: `@Input(AdminInputPipe) denial: DenialInput`. */
export const Input = createParamDecorator((_data: unknown, context): RawInput => {
  const { body, params, query } = context.switchToHttp().getRequest<AdminRequest>();
  return { body: body as Uint8Array | undefined, params, query };
});

/**
 * The one pipe of the admin API: reads the JSON body, strictly, and holds all fields to their class. Whatever is wrong is
 * named, and nothing of it is repeated.
 */
@Injectable()
export class AdminInputPipe implements PipeTransform<RawInput, AdminInput> {
  constructor(private readonly clock: Clock) {}

  /** @throws {AdminProblem} 400 for a body that is no JSON object; 422, or what the class says, with every field that is wrong */
  transform({ body, params, query }: RawInput, { metatype }: ArgumentMetadata): AdminInput {
    const input = metatype as InputClass;
    const inBody = fieldsOf(input).filter((field) => !input.path.includes(field) && !input.query.includes(field));
    const members = inBody.length === 0 ? {} : readObject(body);
    const value = Object.assign(
      new input(this.clock.wallMs()),
      pick(params, input.path),
      pick(query, input.query),
      pick(members, inBody),
    );
    const problems: FieldProblem[] = validateSync(value, { stopAtFirstError: true }).map(
      ({ property, constraints }) => ({
        field: property,
        detail: Object.values(constraints ?? {})[0] ?? '',
      }),
    );
    // The name of an unknown field is what the client sent.
    const hasUnknown = Object.keys(members).some((name) => !inBody.includes(name));
    if (hasUnknown) problems.push({ field: '(unknown)', detail: `only ${inBody.join(' and ')}` });
    if (problems.length === 0) return value;
    throw new AdminProblem(input.status, 'fields_invalid', 'some fields are not as expected', { errors: problems });
  }
}

/** The fields that a class declares, in the order in which it declares them. */
function fieldsOf(input: InputClass): readonly string[] {
  const declared = getMetadataStorage().getTargetValidationMetadatas(input, '', true, false);
  return [...new Set(declared.map(({ propertyName }) => propertyName))];
}

function pick(from: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]));
}

function readObject(body: Uint8Array | undefined): JsonObject {
  const value = readStrictJson(body ?? new Uint8Array());
  if (isJsonObject(value)) return value;
  throw new AdminProblem(400, 'body_invalid', 'the body must be one JSON object, each member once');
}
