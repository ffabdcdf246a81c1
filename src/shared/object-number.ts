const numbers = new WeakMap<object, number>();
let last = 0;

/**
 * A number for an object, the same each time and of no other one. Who keeps it recognises the object, and does not keep it alive: such as a
 * registration, which every change of the configuration replaces.
 */
export function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  numbers.set(object, ++last);
  return last;
}
