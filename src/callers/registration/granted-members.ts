/** What a caller may see of claims that it may not see as a whole: the configuration names such a member by the way to it. */
import { pointerTo, stepsTo, type ClaimName } from '../../claims/claim-name.js';
import type { Grant, GrantedMembers } from '../caller.js';

/** Names that whoever merges an answer into an object could take for its prototype. */
const neverNamed: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Why no caller may be granted this member, as what would have been right instead. */
export function grantedMemberDefect(name: ClaimName): string | undefined {
  const steps = stepsTo(name);
  if (steps.length === 1 || !steps.some((step) => neverNamed.has(step))) return undefined;
  return `a way without ${[...neverNamed].join(', ')}: programs that read the answer could take it for what all objects inherit`;
}

/** The claims that are granted as a whole. */
export function grantOfClaims(names: readonly ClaimName[] | 'any'): Grant {
  if (names === 'any') return 'any';
  return new Set(names.map(stepsTo).flatMap(([name = '', ...further]) => (further.length === 0 ? [name] : [])));
}

/** Members of other claims; `undefined` where none is granted. */
export function grantedMembers(names: readonly ClaimName[] | 'any'): GrantedMembers | undefined {
  if (names === 'any') return undefined;
  const root: Members = new Map();
  for (const steps of names.map(stepsTo)) if (steps.length > 1) add(root, steps);
  return root.size === 0 ? undefined : root;
}

/** The same as pointers, for operators. */
export function memberPointers(members: GrantedMembers, above: readonly string[] = []): readonly string[] {
  return [...members].flatMap(([name, within]) => {
    const steps = [...above, name];
    return within === 'whole' ? [pointerTo(steps)] : memberPointers(within, steps);
  });
}

type Members = Map<string, Members | 'whole'>;

/** Who may see the whole may see each member of it. */
function add(members: Members, [name = '', ...further]: readonly string[]): void {
  const known = members.get(name);
  if (known === 'whole') return;
  if (further.length === 0) {
    members.set(name, 'whole');
    return;
  }
  const within: Members = known ?? new Map<string, Members | 'whole'>();
  members.set(name, within);
  add(within, further);
}
