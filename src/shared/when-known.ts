/**
 * Goes on with a value: at once where it is known, and later only where it is not. To wait for what is known already would cost each request
 * a turn of the queue of promises. What `next` throws is thrown here, or rejects what is returned.
 */
export function whenKnown<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
