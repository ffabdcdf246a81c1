{{/*
The configuration of Assay: what the values say, on top of what the chart knows better. An issuer or a caller that a later file with
values sets to null is not there: Helm removes only what the chart itself has.
*/}}
{{- define "assay.configuration" -}}
{{- $config := deepCopy .Values.config }}
{{- $server := default dict $config.server }}
{{- range $name, $port := dict "http" 8080 "grpc" 9090 "management" 8081 }}
{{- $_ := set $server $name (merge (default dict (get $server $name)) (dict "host" "0.0.0.0" "port" $port)) }}
{{- end }}
{{- if .Values.tls.enabled }}
{{- $tls := dict "certFile" "/run/secrets/assay-tls/tls.crt" "keyFile" "/run/secrets/assay-tls/tls.key" }}
{{- if .Values.tls.clientAuthorities.secretName }}
{{- $_ := set $tls "clientCaFile" "/run/secrets/assay-tls/client-authorities.crt" }}
{{- end }}
{{- $_ := set $server "tls" $tls }}
{{- end }}
{{- $_ := set $config "server" $server }}
{{- if .Values.valkey.enabled }}
{{- $url := printf "redis://:${file:/run/secrets/assay/valkey-password}@%s-valkey:6379/0" (include "assay.fullname" .) }}
{{- $recordKey := dict "id" "k1" "secret" "${file:/run/secrets/assay/record-key}" }}
{{- $_ := set $config "redis" (dict "url" $url "recordKeys" (list $recordKey)) }}
{{- end }}
{{- range $name := list "issuers" "callers" }}
{{- if kindIs "map" (get $config $name) }}
{{- $kept := dict }}
{{- range $key, $entry := get $config $name }}
{{- if not (kindIs "invalid" $entry) }}
{{- $_ := set $kept $key $entry }}
{{- end }}
{{- end }}
{{- $_ := set $config $name $kept }}
{{- end }}
{{- end }}
{{- $patterns := list }}
{{- $owners := list }}
{{- range $name, $one := .Values.includes }}
{{- if $one }}
{{- $files := printf "%s/*.yaml" (include "assay.includeDirectory" $name) }}
{{- $patterns = append $patterns $files }}
{{- $owners = append $owners (merge (dict "files" $files) $one.owner) }}
{{- end }}
{{- end }}
{{- if $patterns }}
{{- $own := default list $config.include }}
{{- $_ := set $config "include" (concat (kindIs "string" $own | ternary (list $own) $own) $patterns) }}
{{- $_ := set $config "owners" (concat (default list $config.owners) $owners) }}
{{- end }}
{{- toYaml $config }}
{{- end }}

{{/* Where the files of an include are. Not below /etc/assay: what is mounted there is a volume, in which no directory can be made. */}}
{{- define "assay.includeDirectory" -}}
/etc/assay-includes/{{ . }}
{{- end }}

{{/* Changes of these take effect with the next start only, so a change of them has to roll the pods (docs/configuration.md). */}}
{{- define "assay.restartSettings" -}}
{{- $config := include "assay.configuration" . | fromYaml }}
{{- $server := pick $config.server "http" "grpc" "management" "trustedProxies" "shutdownTimeout" "limits" }}
{{- $telemetry := default dict $config.telemetry }}
{{- $tracing := pick (default dict $telemetry.tracing) "endpoint" }}
{{- $metrics := default dict $telemetry.metrics }}
{{- dict "server" $server "tls" (hasKey $config.server "tls") "redis" (default dict $config.redis) "tracing" $tracing "metrics" $metrics | toJson }}
{{- end }}

{{/* What fits the schema and yet cannot be meant. Each message names the values. */}}
{{- define "assay.validate" -}}
{{- $server := default dict .Values.config.server }}
{{- $grpc := default dict $server.grpc }}
{{- if and .Values.tls.enabled $server.tls }}
{{- fail "tls.enabled and config.server.tls: only one of them" }}
{{- end }}
{{- if and .Values.tls.enabled $server.tlsTerminatedUpstream }}
{{- fail "tls.enabled and config.server.tlsTerminatedUpstream: only one of them" }}
{{- end }}
{{- if not (or .Values.tls.enabled $server.tls $server.tlsTerminatedUpstream) }}
{{- fail "tls.enabled, or config.server.tlsTerminatedUpstream where something in front of the pods does TLS: RFC 7662 requires it" }}
{{- end }}
{{- if and .Values.tls.certManager.enabled (not .Values.tls.enabled) }}
{{- fail "tls.certManager.enabled: without tls.enabled nobody would use the certificate" }}
{{- end }}
{{- if and .Values.valkey.enabled .Values.config.redis }}
{{- fail "valkey.enabled and config.redis: only one of them" }}
{{- end }}
{{- if and .Values.valkey.enabled .Values.check.enabled .Values.check.online }}
{{- fail "check.online: the Valkey of valkey.enabled is not there before the first installation" }}
{{- end }}
{{- if and .Values.valkey.enabled (not .Values.valkey.secretName) (not (hasKey .Values.secrets.values "valkey-password")) }}
{{- fail "valkey.enabled: needs valkey-password in secrets.values, or valkey.secretName" }}
{{- end }}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
{{- fail "autoscaling.minReplicas: more than autoscaling.maxReplicas" }}
{{- end }}
{{- if and (eq .Values.probes.readiness "grpc") (or .Values.tls.enabled $server.tls) }}
{{- fail "probes.readiness: grpc is not possible with TLS, kubelet speaks none" }}
{{- end }}
{{- if eq $grpc.enabled false }}
{{- if or .Values.grpcRoute.enabled (eq .Values.probes.readiness "grpc") .Values.service.headless }}
{{- fail "config.server.grpc.enabled: false, but grpcRoute.enabled, service.headless or probes.readiness needs gRPC" }}
{{- end }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- fail "ingress.hosts: which ones, as ingress.enabled is true" }}
{{- end }}
{{- range $name := list "httpRoute" "grpcRoute" }}
{{- $route := get $.Values $name }}
{{- if and $route.enabled (not $route.parentRefs) }}
{{- fail (printf "%s.parentRefs: which Gateways, as %s.enabled is true" $name $name) }}
{{- end }}
{{- end }}
{{- range $name, $one := .Values.includes }}
{{- if $one }}
{{- if eq (empty $one.configMap) (empty $one.secret) }}
{{- fail (printf "includes.%s: either configMap or secret, as the place of its files" $name) }}
{{- end }}
{{- if and $.Values.config.include (not $.Values.config.owners) }}
{{- fail (printf "includes.%s and config.include without config.owners: the files of config.include would have no rights any more; say in config.owners which they have, if need be trusted: true" $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- include "assay.validateNames" . }}
{{- if and .Values.backendTLS.enabled (not (include "assay.hasTls" .)) }}
{{- fail "backendTLS.enabled: without tls.enabled the pods speak no TLS" }}
{{- end }}
{{- end }}

{{/* What only the API server would refuse, in the middle of an installation, or what the chart says itself. */}}
{{- define "assay.validateNames" -}}
{{- $fullname := include "assay.fullname" . }}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $fullname) }}
{{- fail (printf "fullnameOverride: %s cannot be the name of a Service: give one of lower-case letters, digits and -, that begins with a letter" $fullname) }}
{{- end }}
{{- if eq (int .Values.service.ports.http) (int .Values.service.ports.grpc) }}
{{- fail "service.ports: http and grpc are the same" }}
{{- end }}
{{- $ours := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/version" "app.kubernetes.io/managed-by" "helm.sh/chart" "assay/listener" }}
{{- $labels := dict "commonLabels" .Values.commonLabels "podLabels" .Values.podLabels }}
{{- range $name, $part := .Values.monitoring }}
{{- $_ := set $labels (printf "monitoring.%s.labels" $name) $part.labels }}
{{- end }}
{{- range $where, $given := $labels }}
{{- range $key := keys (default dict $given) | sortAlpha }}
{{- if has $key $ours }}
{{- fail (printf "%s: %s is a label of the chart's own" $where $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $key := list "checksum/restart-settings" "kubectl.kubernetes.io/default-container" }}
{{- if hasKey (default dict $.Values.podAnnotations) $key }}
{{- fail (printf "podAnnotations: %s is an annotation of the chart's own" $key) }}
{{- end }}
{{- end }}
{{- range .Values.extraVolumes }}
{{- if or (has .name (list "config" "secrets" "tls")) (hasPrefix "include-" .name) }}
{{- fail (printf "extraVolumes: %s is a volume of the chart's own" .name) }}
{{- end }}
{{- end }}
{{- range .Values.extraVolumeMounts }}
{{- if has (trimSuffix "/" .mountPath) (list "/etc/assay" "/etc/assay-includes" "/run/secrets/assay" "/run/secrets/assay-tls") }}
{{- fail (printf "extraVolumeMounts: at %s the chart mounts something itself" .mountPath) }}
{{- end }}
{{- end }}
{{- end }}
