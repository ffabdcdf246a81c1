import { DeniedKeys } from './denied-keys.js';
import type { KeyDecision, KeyName } from './key-decision.js';
import type { FormerDenials } from './redis-former-denials.js';

/** Decisions in the log of changes, written as well where the version before reads them. Goes with it. */
export class BothDeniedKeys extends DeniedKeys {
  constructor(
    private readonly keys: DeniedKeys,
    private readonly former: FormerDenials,
  ) {
    super();
  }

  override list(): readonly KeyDecision[] {
    return this.keys.list();
  }

  override get isRead(): boolean {
    return this.keys.isRead && this.former.isRead;
  }

  override read(): Promise<void> {
    return this.keys.read();
  }

  override async readLatest(key: KeyName): Promise<void> {
    await this.keys.readLatest(key);
    await this.former.takeOverOne(key);
  }

  override onRead(listener: () => void): void {
    this.keys.onRead(listener);
  }

  override async record(decision: KeyDecision): Promise<boolean> {
    const isKept = await this.keys.record(decision);
    // Where this fails, it is tried again when the two are compared next.
    await this.former.record(decision).catch(() => undefined);
    return isKept;
  }
}
