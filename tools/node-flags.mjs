// How Node is started for the program: with less memory for what is alive only for a moment, at the same speed (docs/operations.md, "Memory").
// The Dockerfile and the first line of src/main.ts say the same; test/house/node-flags.spec.ts compares them.

/** A young generation of three times 4 MiB and not 64, and collections after a fifth more is alive instead of twice as much. */
export const nodeFlags = ['--max-semi-space-size=4', '--heap-growing-percent=20'];

/** The threads share two pools of memory and not eight for each processor. Whoever sets it knows better. */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '2' };
