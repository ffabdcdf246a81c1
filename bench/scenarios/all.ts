import type { Scenario } from '../scenario.ts';
import { authorizeRepeated } from './authorize.ts';
import { badTokens } from './bad-tokens.ts';
import { grpcRepeated } from './grpc.ts';
import { introspectRepeated } from './introspect.ts';
import { introspectNewEc, introspectNewRsa } from './introspect-new.ts';

/** In the order of the table. */
export const scenarios: readonly Scenario[] = [
  introspectRepeated,
  introspectNewRsa,
  introspectNewEc,
  badTokens,
  grpcRepeated,
  authorizeRepeated,
];
