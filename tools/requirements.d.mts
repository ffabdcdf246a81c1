/** Requirements of one kind. Types for tests; what is checked is in requirements.mjs. */
export interface Family {
  readonly name: string;
  readonly about: string;
  readonly requirements: Readonly<Record<string, { readonly statement: string; readonly source: string }>>;
}

/** A place that names an id. */
export interface Use {
  readonly id: string;
  readonly file: string;
  readonly line: number;
}

export function readRequirements(): readonly Family[];
export function usesIn(file: string, text: string): readonly Use[];
export function requirementUses(): readonly Use[];
export function requirementProblems(families: readonly Family[], uses: readonly Use[]): readonly string[];
export function requirementsPage(families: readonly Family[], uses: readonly Use[]): string;
