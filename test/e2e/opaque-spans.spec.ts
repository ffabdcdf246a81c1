import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opaqueIssuer } from '../upstream/support/opaque-world.js';
import { RecordingUpstream } from '../upstream/support/recording-upstream.js';
import type { Section } from './support/configuration.js';
import { leaksIn } from './support/leaks.js';
import { named, spanNames, TracedProgram } from './support/traced-program.js';

const token = 'zt_v1_opaque-canary-7Hq2Xv9Lm4';
const subject = 'subject-canary-6Yp3';

describe('OPQ-11 the spans of a token that only its issuer can read', () => {
  let upstream: RecordingUpstream;
  let program: TracedProgram;

  beforeAll(async () => {
    upstream = await RecordingUpstream.open();
    const { endpoint } = upstream;
    const issuer = opaqueIssuer('zitadel', endpoint, { match: { prefix: 'zt_v1_' } });
    program = await TracedProgram.start([issuer as Section]);
  });

  afterAll(async () => {
    await program.stop();
    await upstream.close();
  });

  it('show that its issuer was asked, and nothing of the token, of what was said of it, or of our credentials', async () => {
    const exp = Math.floor(Date.now() / 1000) + 300;
    upstream.behave = () => ({
      active: true,
      aud: 'https://api.corp.example',
      sub: subject,
      exp,
      token_type: 'Bearer',
    });
    const spans = await program.traced(11, token);
    expect(upstream.received).toHaveLength(1);
    expect(upstream.received[0]?.form.get('token')).toBe(token);
    const request = spans.find(({ attributes }) => attributes['server.port'] === Number(new URL(upstream.origin).port));
    expect(request).toMatchObject({ name: 'POST', kind: 3, attributes: { 'http.response.status_code': 200 } });
    expect(named(spans, spanNames.http).attributes).toMatchObject({ 'http.response.status_code': 200 });
    const secrets = [token, token.slice('zt_v1_'.length), subject, 'secret-of-zitadel'];
    const basic = Buffer.from('assay-at-zitadel:secret-of-zitadel').toString('base64');
    expect(leaksIn(program.collector.bodies.join('\n'), [...secrets, basic])).toEqual([]);
  });
});
