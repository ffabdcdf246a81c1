{{/* What the program reads, as volumes. Takes `root`, `config` (name of the ConfigMap) and `secrets` (name of the chart's own Secret). */}}
{{- define "assay.volumes" -}}
{{- $values := .root.Values }}
- name: config
  configMap: { name: {{ .config }} }
- name: secrets
  projected:
    defaultMode: 0440
    {{- if or $values.secrets.values $values.secrets.existing }}
    sources:
      {{- if $values.secrets.values }}
      - secret: { name: {{ .secrets }} }
      {{- end }}
      {{- range $values.secrets.existing }}
      - secret: { name: {{ . }} }
      {{- end }}
    {{- else }}
    sources: []
    {{- end }}
{{- if $values.tls.enabled }}
- name: tls
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ include "assay.tlsSecretName" .root }}
          items: [{ key: tls.crt, path: tls.crt }, { key: tls.key, path: tls.key }]
      {{- with $values.tls.clientAuthorities }}
      {{- if .secretName }}
      - secret:
          name: {{ .secretName }}
          items: [{ key: {{ .key }}, path: client-authorities.crt }]
      {{- end }}
      {{- end }}
{{- end }}
{{- with $values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Where they are mounted: directories, not single files: kubelet swaps the symbolic link in a directory, and nothing else is noticed. */}}
{{- define "assay.volumeMounts" -}}
- { name: config, mountPath: /etc/assay, readOnly: true }
- { name: secrets, mountPath: /run/secrets/assay, readOnly: true }
{{- if .Values.tls.enabled }}
- { name: tls, mountPath: /run/secrets/assay-tls, readOnly: true }
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The files that the configuration includes. Nobody's pods wait for those of somebody else: what is not there yet is empty until it comes. */}}
{{- define "assay.includeVolumes" -}}
{{- range $name, $one := .Values.includes }}
{{- if $one }}
- name: include-{{ $name }}
  {{- if $one.secret }}
  secret: { secretName: {{ $one.secret }}, defaultMode: 0440, optional: true }
  {{- else }}
  configMap: { name: {{ $one.configMap }}, optional: true }
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where they are mounted. */}}
{{- define "assay.includeMounts" -}}
{{- range $name, $one := .Values.includes }}
{{- if $one }}
- { name: include-{{ $name }}, mountPath: {{ include "assay.includeDirectory" $name }}, readOnly: true }
{{- end }}
{{- end }}
{{- end }}

{{/* The chart's own Secret, as data: what is no longer among the values is then gone from the Secret, which it is not from `stringData`. */}}
{{- define "assay.secretData" -}}
{{- range $name, $value := .Values.secrets.values }}
{{ $name }}: {{ $value | b64enc | quote }}
{{- end }}
{{- end }}
