import { describe, expect, it } from 'vitest';
import { RevocationPlaces } from './revocation-places.js';

const about = (n: number, before = 0) => ({ digest: Buffer.alloc(16, String(n).padStart(16, '0')), before });

describe('where revocations stand in the log', () => {
  it('is not known of one that was never read', () => {
    const places = new RevocationPlaces();
    places.found(about(1), 10);
    expect([places.of(about(1)), places.of(about(2)), places.of(about(1, 7))]).toEqual([10, undefined, undefined]);
  });

  it('is the later place where one stands there twice', () => {
    const places = new RevocationPlaces();
    for (const place of [10, 30, 20]) places.found(about(1), place);
    expect(places.of(about(1))).toBe(30);
  });

  it('is, of one that there was no room for, no later than that of all others that were forgotten', () => {
    const places = new RevocationPlaces();
    for (let n = 0; n < 5_000; n++) places.found(about(n), n);
    const [oldest, latest] = [places.of(about(0)), places.of(about(4_999))];
    expect(latest).toBe(4_999);
    expect(oldest).toBeGreaterThan(0);
    expect(oldest).toBeLessThan(4_999);
  });

  it('is forgotten where the log has it no more when it is read again', () => {
    const places = new RevocationPlaces();
    places.found(about(1), 10);
    places.began();
    places.found(about(2), 20);
    expect(places.of(about(1))).toBe(10);
    places.ended();
    expect([places.of(about(1)), places.of(about(2))]).toEqual([undefined, 20]);
  });
});
