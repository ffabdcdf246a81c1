import { aJwks, aKey } from '../../builders/a-key.js';
import { aToken } from '../../builders/a-token.js';
import { FakeApiServer } from './fake-api-server.js';
import { aCaller, AUDIENCE, jwtIssuer, OpaqueWorld } from './opaque-world.js';

/** The key of the service accounts. */
const clusterKey = aKey('RS256');
export const CLUSTER = 'https://kubernetes.default.svc.cluster.local';
export const POD = 'system:serviceaccount:shop:orders';

/** How a cluster is registered in a test. */
export interface ClusterTerms {
  /** Of `opaque`, beside `tokenReview`. */
  readonly opaque: object;
  /** Of `tokenReview`. */
  readonly review?: object;
  readonly others?: object;
}

/** A cluster with its API server, the service that asks it, and an issuer of JWTs beside, which nobody asks. */
export class Cluster {
  private constructor(
    readonly api: FakeApiServer,
    readonly world: OpaqueWorld,
  ) {}

  static async open({ opaque, review = {}, others = {} }: ClusterTerms): Promise<Cluster> {
    const api = await FakeApiServer.open();
    const world = await OpaqueWorld.open(
      [registration(api, { opaque, review, others }), jwtIssuer('corp')],
      [
        aCaller('orders'),
        aCaller('corp-only', ['corp']),
        aCaller('narrow', ['k8s'], { audiences: ['https://other.example'] }),
      ],
    );
    return new Cluster(api, world);
  }

  /** A token of a service account, as a pod gets it in a projected volume. */
  token(claims: Readonly<Record<string, string | string[] | undefined>> = {}): string {
    const token = aToken()
      .from(CLUSTER)
      .for(AUDIENCE)
      .at(this.world.nowSeconds)
      .with({ sub: POD, ...claims });
    return token.signedBy(clusterKey).build();
  }

  verdict(token: string, caller = 'orders'): Promise<unknown> {
    return this.world.verdict(token, { caller });
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.api.close();
  }
}

/** The registration of a cluster whose API server this is. */
export function registration(api: Pick<FakeApiServer, 'terms'>, { opaque, review, others }: ClusterTerms): object {
  return {
    id: 'k8s',
    issuer: CLUSTER,
    algorithms: ['RS256'],
    audiences: [AUDIENCE],
    keys: { jwks: aJwks(clusterKey) },
    network: { allowPrivate: true },
    opaque: { tokenReview: { ...api.terms, ...review }, ...opaque },
    ...others,
  };
}
