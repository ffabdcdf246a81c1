/** What `npm run check` can be asked for by name. */
export const checkNames: readonly string[];
