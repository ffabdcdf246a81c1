/** A section as somebody writes it. */
export type RawSection = Record<string, unknown>;

/** A configuration as somebody writes it: whatever a test makes of it. */
export interface Raw extends RawSection {
  issuers: RawSection[];
  callers: RawSection[];
}

/** The shortest configuration that registers an issuer and a caller. */
export function aConfiguration(): Raw {
  return {
    issuers: [
      {
        id: 'corp',
        issuer: 'https://login.corp.example',
        algorithms: ['RS256'],
        audiences: ['https://api.corp.example'],
      },
    ],
    callers: [
      {
        id: 'orders-api',
        secrets: ['${env:ORDERS_SECRET}'],
        issuers: ['corp'],
        audiences: ['https://api.corp.example'],
        claims: ['sub'],
      },
    ],
  };
}

/** The environment that {@link aConfiguration} takes its secret from. */
export const environment = { ORDERS_SECRET: 'orders-secret-Wq7Zt3Lm9XcVb5Nh' };
