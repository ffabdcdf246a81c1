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

{{/* Labels that select the pods; they can never change. */}}
{{- define "assay.selectorLabels" -}}
app.kubernetes.io/name: {{ include "assay.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: introspection
{{- end }}

{{- define "assay.valkey.selectorLabels" -}}
app.kubernetes.io/name: {{ include "assay.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: valkey
{{- end }}

{{/* Labels of everything. */}}
{{- define "assay.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "assay.labels" -}}
{{ include "assay.selectorLabels" . }}
{{ include "assay.commonLabels" . }}
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
