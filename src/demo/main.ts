// The demo issuer as a program of its own, for compose.yaml: `node dist/demo/main.js`. It gives a token to whoever asks.
import { SystemClock } from '../shared/clock.js';
import { DemoIssuer } from './demo-issuer.js';

/** In a container whatever is published arrives from outside of it. */
const issuer = await DemoIssuer.start(new SystemClock(), process.env['DEMO_ISSUER_HOST']);
process.stdout.write(`The demo issuer is ${issuer.identifier}.\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void issuer.stop());
