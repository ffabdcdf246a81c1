/** Redis did not do what was asked: away, too slow, refusing, or not asked because the breaker is open. Never a verdict on a token. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';

  /** @param operation which of our operations failed, from a fixed set */
  constructor(
    readonly operation: string,
    options?: ErrorOptions,
  ) {
    super('Redis is not available', options);
  }
}
