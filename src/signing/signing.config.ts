import { ListOf } from '../shared/configuration/composite-fields.js';
import type { FileText } from '../shared/configuration/field.js';
import { FileField, OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import { algorithmsByDefault, type Algorithm } from '../tokens/algorithms.js';

/** What a key of ours is for now: it signs, it will, or it did. All of them are published. */
export const keyUses = ['signing', 'next', 'previous'] as const;

/** One of {@link keyUses}. */
export type KeyUse = (typeof keyUses)[number];

/** One of our own keys. */
export class SigningKeySection {
  @TextField('its name in logs; its `kid` is always the RFC 7638 thumbprint', {
    pattern: /^[A-Za-z0-9._-]{1,64}$/,
    expected: '1 to 64 letters, digits, dots, hyphens or underscores',
    example: '2026-11',
  })
  readonly id?: string;

  @FileField('PEM or JWK of the private key; of a `previous` key the public one is enough', {
    required: true,
    example: '/run/secrets/assay-signing.pem',
  })
  readonly keyFile!: FileText;

  @OneOfField('what it signs with', { words: algorithmsByDefault, required: true })
  readonly alg!: Algorithm;

  @OneOfField(
    'signing = answers are signed with it, one key for each `alg`; next = published ahead, so that consumers know it before it signs; ' +
      'previous = published still, for answers that it has signed',
    { words: keyUses, required: true },
  )
  readonly use!: KeyUse;
}

/** Keys of our own, with which answers are signed (RFC 9701). */
export class SigningSection {
  @ListOf('the keys, all of them published at `/jwks`', () => SigningKeySection, {
    required: true,
    emptyRefusal: 'at least one key with `use: signing`, or no such section',
  })
  readonly keys!: readonly SigningKeySection[];
}
