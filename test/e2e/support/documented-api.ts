import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './from-schema.js';

/** A parameter as the document describes it. */
export interface DocumentedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

interface Content {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

interface DocumentedAnswer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Content>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}

/** An endpoint as the document describes it. */
export interface DocumentedOperation {
  readonly operationId: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly listener: 'public' | 'management';
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly DocumentedParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

/** An answer that a test got. */
export interface GivenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The API as its document describes it: what can be asked, and whether an answer is one that it allows. */
export class DocumentedApi {
  readonly operations: readonly DocumentedOperation[];
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: Readonly<Record<string, unknown>>) {
    addFormats.default(this.ajv);
    this.ajv.addSchema(closed(document) as object, 'api');
    const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    this.operations = Object.entries(paths).flatMap(([path, { servers, ...methods }]) => {
      const listener = JSON.stringify(servers).includes('{public}') ? 'public' : 'management';
      return Object.entries(methods).map(
        ([method, operation]) => ({ ...(operation as object), method, path, listener }) as DocumentedOperation,
      );
    });
  }

  /** What a reference means; anything else is what it is. */
  readonly resolve = <Part extends object>(part: Part): Part => {
    const { $ref } = part as { readonly $ref?: string };
    if ($ref === undefined) return part;
    const steps = $ref.split('/').slice(1);
    return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], this.document) as Part;
  };

  /** In what an answer differs from what is documented. */
  problemsOf({ path, method, responses }: DocumentedOperation, answer: GivenAnswer): readonly string[] {
    const { status, headers, text } = answer;
    const documented = responses[String(status)];
    if (!documented) return [`${status} is not documented: ${text.slice(0, 200)}`];
    const { content, headers: said = {} } = this.resolve(documented);
    const missing = Object.entries(said)
      .filter(([name, { required = false }]) => required && headers[name.toLowerCase()] === undefined)
      .map(([name]) => name);
    const wrong = missing.map((name) => `${status} without ${name}`);
    if (!content) return text === '' ? wrong : [...wrong, `${status} has a body: ${text.slice(0, 200)}`];
    const [type = ''] = String(headers['content-type']).split(';');
    if (!(type in content)) return [...wrong, `${status} is ${type}`];
    const place = documented.$ref?.slice(1) ?? `/paths/${escaped(path)}/${method}/responses/${status}`;
    const validate = this.validatorAt(`${place}/content/${escaped(type)}/schema`);
    const value: unknown = type.endsWith('json') ? JSON.parse(text) : text;
    if (validate(value)) return wrong;
    return [...wrong, `${status}: ${this.ajv.errorsText(validate.errors)} in ${text.slice(0, 1_000)}`];
  }

  /** In what the body of a request differs from what is documented. */
  problemsOfBody({ path, method, requestBody }: DocumentedOperation, type: string, value: unknown): readonly string[] {
    if (!requestBody || !(type in requestBody.content)) return [`${method} ${path} takes no ${type}`];
    const validate = this.validatorAt(`/paths/${escaped(path)}/${method}/requestBody/content/${escaped(type)}/schema`);
    return validate(value) ? [] : [`${method} ${path}: ${this.ajv.errorsText(validate.errors)}`];
  }

  /** Where such a value is an answer, or is sent: names of operations. */
  placesOf(value: unknown): readonly string[] {
    const isAnswer = (operation: DocumentedOperation): boolean =>
      Object.keys(operation.responses)
        .filter((status) => status.startsWith('2'))
        .some((status) => {
          const headers = { 'content-type': 'application/json' };
          const found = this.problemsOf(operation, { status: Number(status), headers, text: JSON.stringify(value) });
          return found.every((problem) => problem.startsWith(`${status} without `));
        });
    const isSent = (operation: DocumentedOperation): boolean =>
      this.problemsOfBody(operation, 'application/json', value).length === 0;
    return this.operations.filter((each) => isAnswer(each) || isSent(each)).map(({ operationId }) => operationId);
  }

  private validatorAt(place: string): ValidateFunction {
    const known = this.validators.get(place);
    if (known) return known;
    const made = this.ajv.compile({ $ref: `api#${place}` });
    this.validators.set(place, made);
    return made;
  }
}

/** RFC 6901, within a fragment. */
function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Clients ignore members that they do not know; we want to hear of every member that nobody has described. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const all = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each)]));
  const isClosable = all['type'] === 'object' && 'properties' in all && !('additionalProperties' in all);
  return isClosable ? { ...all, additionalProperties: false } : all;
}
