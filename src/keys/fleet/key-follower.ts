import type { KeyRefresher } from '../refresh/key-refresher.js';

/** Does something with the keys of every issuer that are fetched, again and again. */
export interface KeyFollower {
  start(): void;

  stop(): void;

  add(watch: KeyRefresher): void;

  remove(watch: KeyRefresher): void;
}
