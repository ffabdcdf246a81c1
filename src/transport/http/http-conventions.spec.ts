import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { Telemetry } from '../../telemetry/telemetry.js';
import { HttpConventions } from './http-conventions.js';

describe('HttpConventions', () => {
  const conventions = () => new HttpConventions(Telemetry.local(new FakeClock()).metrics, 'https');

  it('describes a request to a route of ours', () => {
    const { spanName, attributes } = conventions().of('POST', '/introspect', 1);
    expect(spanName).toBe('POST /introspect');
    expect(attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/introspect',
      'url.path': '/introspect',
      'url.scheme': 'https',
      'network.protocol.version': '1.1',
    });
  });

  it('repeats nothing that a client has chosen', () => {
    const strange = conventions().of('eyJhbGciOi', '', 0);
    expect(strange.spanName).toBe('HTTP');
    expect(strange.attributes).toMatchObject({ 'http.request.method': '_OTHER', 'url.path': 'REDACTED' });
    expect(strange.attributes).not.toHaveProperty('http.route');
    const named = conventions().of('POST', '/signals/:id/logout', 1);
    expect(named.attributes['url.path']).toBe('/signals/REDACTED/logout');
  });

  it('keeps one object for requests of one kind, and one series for each status', () => {
    const all = conventions();
    expect(all.of('POST', '/introspect', 1)).toBe(all.of('POST', '/introspect', 1));
    expect(all.of('A', '', 1)).toBe(all.of('B', '', 1));
    const convention = all.of('POST', '/introspect', 1);
    expect(convention.seriesOf(200)).toBe(convention.seriesOf(200));
    expect(convention.seriesOf(200)).not.toBe(convention.seriesOf(503));
  });

  it('calls an error what is our fault, and not what is the client’s', () => {
    const convention = conventions().of('POST', '/introspect', 1);
    expect(convention.outcomeOf(401)).toEqual({ 'http.response.status_code': 401 });
    expect(convention.outcomeOf(503)).toEqual({ 'http.response.status_code': 503, 'error.type': '503' });
  });
});
