import { Drain } from '../../../src/transport/http/drain.js';
import { defaultHttpLimits } from '../../../src/transport/http/http-limits.js';
import type { HttpListener } from '../../../src/transport/http/http-listener.js';
import { TrustedProxies } from '../../../src/transport/trusted-proxies.js';

/** A listener that adds nothing to answers. */
export function plainListener(): HttpListener {
  return {
    limits: defaultHttpLimits,
    proxies: new TrustedProxies([]),
    drain: new Drain(),
    headers: [],
    refusal: (status) => ({ type: 'text/plain', body: `refused: ${status}` }),
    allow: 'GET',
  };
}
