import type { Manifest } from './helm.js';

/** The part of a pod's specification that tests look at. */
export interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes?: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
  readonly topologySpreadConstraints?: readonly Readonly<Record<string, unknown>>[];
}

/** The part of a container that tests look at. */
export interface Container {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly lifecycle?: unknown;
  readonly readinessProbe?: unknown;
  readonly livenessProbe?: unknown;
  readonly startupProbe?: unknown;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
}

interface Workload {
  readonly template: {
    readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
    readonly spec: PodSpec;
  };
}

/** The template of the pods of a Deployment or a Job. */
export function podTemplate(workload: Manifest): Workload['template'] {
  return (workload['spec'] as Workload).template;
}

/** The specifications of all pods that manifests make. */
export function podSpecs(manifests: readonly Manifest[]): readonly PodSpec[] {
  return manifests.flatMap((manifest) => {
    if (['Deployment', 'Job'].includes(manifest.kind)) return [podTemplate(manifest).spec];
    return manifest.kind === 'Pod' ? [manifest['spec'] as PodSpec] : [];
  });
}

/** What the profile `restricted` of the Pod Security Standards has against a pod. */
export function unrestricted(pod: PodSpec): readonly string[] {
  const { securityContext, containers, hostNetwork, volumes = [] } = pod;
  const kinds = new Set(['configMap', 'secret', 'projected', 'emptyDir', 'downwardAPI', 'csi', 'ephemeral']);
  const seccomp = securityContext['seccompProfile'] as { readonly type?: string } | undefined;
  return [
    ...(securityContext['runAsNonRoot'] === true ? [] : ['runAsNonRoot']),
    ...(securityContext['runAsUser'] === 0 ? ['runAsUser'] : []),
    ...(seccomp?.type === 'RuntimeDefault' ? [] : ['seccompProfile']),
    ...(hostNetwork ? ['hostNetwork'] : []),
    ...volumes.flatMap(({ name, ...kind }) =>
      Object.keys(kind)
        .filter((each) => !kinds.has(each))
        .map(() => `volume ${name}`),
    ),
    ...containers.flatMap(({ securityContext: own }) => {
      const { drop = [] } = (own['capabilities'] ?? {}) as { readonly drop?: readonly string[] };
      return [
        ...(own['allowPrivilegeEscalation'] === false ? [] : ['allowPrivilegeEscalation']),
        ...(drop.includes('ALL') ? [] : ['capabilities']),
      ];
    }),
  ];
}
