/** What a public key is made of: the members of RFC 7638 §3.2, checked and in their shortest spelling. */
export type KeyMaterial = RsaMaterial | EcMaterial | OkpMaterial;

/** RFC 7518 §6.3.1. */
export interface RsaMaterial {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

/** RFC 7518 §6.2.1. */
export interface EcMaterial {
  readonly kty: 'EC';
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** RFC 8037 §2. */
export interface OkpMaterial {
  readonly kty: 'OKP';
  readonly crv: string;
  readonly x: string;
}
