import { join } from 'node:path';
import ts from 'typescript';
import type { Manifest } from './helm.js';

/** Where the kinds of a group are declared; those of Kubernetes itself in `kubernetes-models`. */
const packages: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'cert-manager.io': '@kubernetes-models/cert-manager',
};

/** A class of these packages: it knows its schema. */
type Model = new (manifest: Manifest) => { validate(): void };

/**
 * What is wrong with each manifest, in words; nothing is said of a good one. Two judges, because neither sees everything. The packages declare each
 * kind as a type, made from the OpenAPI documents and the CRDs: the compiler finds members that are unknown or missing and
 * values of a wrong type, at any depth. And they bring the schema, which knows patterns and bounds.
 */
export async function problemsOf(manifests: readonly Manifest[]): Promise<readonly (readonly string[])[]> {
  const compiled = judgedByCompiler(manifests);
  return Promise.all(manifests.map(async (each, i) => [...(compiled.get(i) ?? []), ...(await judgedBySchema(each))]));
}

function moduleOf({ apiVersion }: Manifest): string {
  const group = apiVersion.split('/')[0]!;
  return `${packages[group] ?? 'kubernetes-models'}/${apiVersion}`;
}

async function judgedBySchema(manifest: Manifest): Promise<readonly string[]> {
  const models = (await import(moduleOf(manifest))) as Record<string, Model>;
  const KindOf = models[manifest.kind];
  if (!KindOf) return [`${manifest.kind}: no such kind in ${manifest.apiVersion}`];
  try {
    new KindOf(manifest).validate();
    return [];
  } catch (error) {
    return [`${manifest.kind}: ${(error as Error).message}`];
  }
}

/** One compilation for all: it costs the same. @returns problems by the number of the manifest */
function judgedByCompiler(manifests: readonly Manifest[]): ReadonlyMap<number, readonly string[]> {
  const file = join(import.meta.dirname, 'manifests-of-this-run.ts');
  const text = manifests
    .map((manifest, i) => {
      const { kind } = manifest;
      const type = `import('${moduleOf(manifest)}').I${kind}`;
      return `export const of${i}: ${type} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const onDisk = ts.createCompilerHost(options);
  host.fileExists = (name) => name === file || onDisk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, rest[0]) : onDisk.getSourceFile(name, ...rest);
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host)).map((problem) => {
    const number = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
    return { number, text: `${manifests[number]!.kind}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}` };
  });
  const byNumber = Map.groupBy(problems, ({ number }) => number);
  return new Map([...byNumber].map(([number, found]) => [number, found.map(({ text: words }) => words)]));
}
