import { JsonField, TextList } from '../../../shared/configuration/composite-fields.js';
import { TextField } from '../../../shared/configuration/scalar-fields.js';
import { algorithmNames, type Algorithm } from '../../../tokens/algorithms.js';

/** `private_key_jwt` (RFC 7523): with which keys the caller signs its assertions. */
export class AssertionSection {
  @TextField("URL of the caller's key set", { example: 'https://orders.corp.example/jwks' })
  readonly jwksUri?: string;

  @JsonField("the caller's JWK Set of public keys, written out here")
  readonly jwks?: Readonly<Record<string, unknown>>;

  @TextList('signature algorithms; absent: every asymmetric one that fits a key', { min: 1, words: algorithmNames })
  readonly algorithms?: readonly Algorithm[];
}
