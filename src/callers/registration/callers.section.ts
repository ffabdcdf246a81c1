import type { NamedSection } from '../../shared/configuration/active-configuration.js';
import type { PreparedCaller } from './prepared-caller.js';

/** What follows it is given what is prepared of it. */
export const callersSection: NamedSection<readonly PreparedCaller[]> = { key: 'callers' };
