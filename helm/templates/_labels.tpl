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

{{/* Labels of the pods that ask the service, or read its configuration, and then end. */}}
{{- define "assay.test.selectorLabels" -}}
app.kubernetes.io/name: {{ include "assay.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end }}

{{/* Labels of everything that are not the user's. */}}
{{- define "assay.chartLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/*
All labels of one thing, each key once. Takes `root`, `of` (the template of its own labels) and `more` (the user's, for this
thing alone): what is said of one thing counts more than what is said of everything.
*/}}
{{- define "assay.labelsOf" -}}
{{- $own := include (default "assay.selectorLabels" .of) .root | fromYaml }}
{{- $chart := include "assay.chartLabels" .root | fromYaml }}
{{- toYaml (merge dict $own $chart (default dict .more) (default dict .root.Values.commonLabels)) }}
{{- end }}

{{- define "assay.labels" -}}
{{- include "assay.labelsOf" (dict "root" .) }}
{{- end }}
