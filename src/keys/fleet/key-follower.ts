import type { KeyWatch } from '../refresh/key-watch.js';

/** Does something with the keys of every issuer that are fetched, again and again. */
export interface KeyFollower {
  start(): void;

  stop(): void;

  watch(watch: KeyWatch): void;

  forget(watch: KeyWatch): void;
}
