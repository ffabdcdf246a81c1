{{/* Name of the chart's things. */}}
{{- define "assay.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Name of the release's things: at most 52 characters, so that what is added to it fits. */}}
{{- define "assay.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "assay.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "assay.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "assay.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "assay.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- required "serviceAccount.name: which one, as serviceAccount.create is false" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "assay.image" -}}
{{- $repository := required "image.repository: where your build of the image is" .Values.image.repository }}
{{- if .Values.image.digest }}
{{- printf "%s@%s" $repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{/* Name of the Secret with the certificate. */}}
{{- define "assay.tlsSecretName" -}}
{{- if .Values.tls.certManager.enabled }}
{{- default (printf "%s-tls" (include "assay.fullname" .)) .Values.tls.secretName }}
{{- else }}
{{- required "tls.secretName: the Secret with the certificate, or tls.certManager.enabled" .Values.tls.secretName }}
{{- end }}
{{- end }}

{{- define "assay.valkeySecretName" -}}
{{- default (printf "%s-secrets" (include "assay.fullname" .)) .Values.valkey.secretName }}
{{- end }}

{{/* Seconds in a duration of the configuration, such as 25s or 1m, rounded up. */}}
{{- define "assay.seconds" -}}
{{- $unit := regexFind "[a-z]+$" . }}
{{- $number := trimSuffix $unit . | float64 }}
{{- $factor := get (dict "ms" 0.001 "s" 1.0 "m" 60.0 "h" 3600.0 "d" 86400.0) $unit }}
{{- mulf $number $factor | ceil | int }}
{{- end }}

{{/* SHA-256 of the file that the pods read: the one that Assay shows as the configuration in force. */}}
{{- define "assay.configurationDigest" -}}
{{- printf "%s\n" (include "assay.configuration" .) | sha256sum }}
{{- end }}

{{/* Whether TLS is spoken with callers, by whatever way it was asked for. */}}
{{- define "assay.hasTls" -}}
{{- if or .Values.tls.enabled (dig "server" "tls" "certFile" "" .Values.config) }}true{{ end }}
{{- end }}

{{/*
Whether the configuration can be checked before the roll-out. Not while cert-manager has not issued the certificate yet: where the
cluster can be asked it is, and where it cannot (helm template) only its own Deployment not being there says nothing.
*/}}
{{- define "assay.canCheck" -}}
{{- if .Values.check.enabled }}
{{- $deployment := lookup "apps/v1" "Deployment" .Release.Namespace (include "assay.fullname" .) }}
{{- $awaitsCertificate := and .Values.tls.certManager.enabled $deployment (not (lookup "v1" "Secret" .Release.Namespace (include "assay.tlsSecretName" .))) }}
{{- if not $awaitsCertificate }}true{{ end }}
{{- end }}
{{- end }}

{{/* Replicas of the Deployment; nothing where an autoscaler decides and there is no Deployment yet. */}}
{{- define "assay.replicas" -}}
{{- if .Values.autoscaling.enabled }}
{{- /* Left out, the number would become 1 in the upgrade that switches the autoscaler on. */}}
{{- $deployment := lookup "apps/v1" "Deployment" .Release.Namespace (include "assay.fullname" .) }}
{{- with $deployment }}{{ .spec.replicas }}{{ end }}
{{- else }}
{{- .Values.replicas }}
{{- end }}
{{- end }}
