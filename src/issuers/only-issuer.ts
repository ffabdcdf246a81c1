import type { Issuer } from './issuer.js';
import { foldedName, IssuerRegistry } from './issuer-registry.js';

/** One registered issuer and no other, whoever else is registered: what it signs is not believed of anybody but itself. */
export class OnlyIssuer extends IssuerRegistry {
  constructor(private readonly issuer: Issuer) {
    super();
  }

  override find(iss: string): Issuer | undefined {
    return iss === this.issuer.issuer ? this.issuer : undefined;
  }

  override placeOf(): number {
    return 0;
  }

  override at(): undefined {
    return undefined;
  }

  /** What has no `iss` is nobody's. */
  override ofNameless(): undefined {
    return undefined;
  }

  /** Registrations of the same name have keys of their own, which count for nothing here. */
  override namesakes(): readonly Issuer[] {
    return [];
  }

  override byId(id: string): Issuer | undefined {
    return id === this.issuer.id ? this.issuer : undefined;
  }

  override nearly(iss: string): Issuer | undefined {
    return foldedName(iss) === foldedName(this.issuer.issuer) ? this.issuer : undefined;
  }

  override all(): readonly Issuer[] {
    return [this.issuer];
  }

  /** It is made for one question. */
  override onChange(): void {
    return undefined;
  }
}
