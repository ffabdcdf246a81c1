import type { Scenario } from '../scenario.ts';
import { authorizeRepeated } from './authorize.ts';
import { badTokens } from './bad-tokens.ts';
import { underLoad } from './events.ts';
import { grpcRepeated } from './grpc.ts';
import { hostileKeys } from './hostile-keys.ts';
import { introspectRepeated } from './introspect.ts';
import { introspectNewEc, introspectNewRsa } from './introspect-new.ts';
import { latency } from './latency.ts';
import { loginStorm } from './login-storm.ts';
import { manyIssuers } from './many-issuers.ts';
import { memory } from './memory.ts';
import { opaque } from './opaque.ts';
import { peers } from './peers.ts';
import { proofs } from './proofs.ts';
import { revocations } from './revocations.ts';
import { signedAnswers } from './signed-answers.ts';
import { start } from './start.ts';
import { tracing } from './tracing.ts';
import { world } from './world.ts';

/** In the order of the table. */
export const scenarios: readonly Scenario[] = [
  introspectRepeated,
  introspectNewRsa,
  introspectNewEc,
  badTokens,
  grpcRepeated,
  authorizeRepeated,
  latency,
  loginStorm,
  manyIssuers,
  memory,
  peers,
  opaque,
  signedAnswers,
  proofs,
  revocations,
  underLoad,
  hostileKeys,
  start,
  tracing,
  world,
];
