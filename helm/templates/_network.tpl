{{/* The TCP port that a URL of the configuration leads to; nothing where the whole of it is in a secret or a variable. */}}
{{- define "assay.portOf" -}}
{{- $url := regexReplaceAll "\\$\\{[^}]*\\}" . "x" }}
{{- if regexMatch "^[a-z]+://" $url }}
{{- $port := regexReplaceAll "^[a-z]+://(?:[^/?#@]*@)?(?:\\[[^\\]]*\\]|[^:/?#]*)(?::([0-9]+))?.*$" $url "${1}" }}
{{- $usual := dict "https" "443" "http" "80" "redis" "6379" "rediss" "6379" }}
{{- default (get $usual (regexFind "^[a-z]+" $url)) $port }}
{{- end }}
{{- end }}

{{/* Registrations as a JSON array, whether they are a list or a mapping from ids. */}}
{{- define "assay.entries" -}}
{{- if kindIs "map" . }}{{ values . | toJson }}{{ else }}{{ default list . | toJson }}{{ end }}
{{- end }}

{{/* Ports of issuers, of proxies to them, of callers' key sets, of other regions and of collectors, as JSON: what the configuration names, and what the values add. */}}
{{- define "assay.httpPorts" -}}
{{- $config := include "assay.configuration" . | fromYaml }}
{{- $urls := list }}
{{- range regexFindAll "\"(jwksUri|pemMapUri|discoveryUrl|proxyUrl|endpoint)\":\"https?://[^\"]*\"" (toJson $config) -1 }}
{{- $urls = append $urls (regexFind "https?://[^\"]*" .) }}
{{- end }}
{{- $ports := list }}
{{- range concat (include "assay.entries" $config.issuers | fromJsonArray) (include "assay.entries" $config.callers | fromJsonArray) }}
{{- $keys := default dict (default dict .assertion | merge dict (default dict .keys)) }}
{{- if $keys.discovery }}
{{- $urls = append $urls (default "" .issuer) }}
{{- /* The metadata may name a key set elsewhere, on this port unless the configuration allows another. */}}
{{- $ports = append $ports "443" }}
{{- range $keys.jwksHosts }}
{{- $ports = append $ports (regexFind "[0-9]+$" (regexFind ":[0-9]+$" .)) }}
{{- end }}
{{- end }}
{{- end }}
{{- range default list (default dict $config.admin).regions }}
{{- $urls = append $urls (default "" .url) }}
{{- end }}
{{- range $name, $one := .Values.includes }}
{{- if $one }}
{{- $urls = concat $urls (default list $one.owner.issuers) }}
{{- $ports = append $ports "443" }}
{{- end }}
{{- end }}
{{- range $urls }}
{{- $ports = append $ports (include "assay.portOf" .) }}
{{- /* A policy sees the port of the pod behind a Service, and the API server listens here. */}}
{{- if regexMatch "^https://kubernetes(\\.default(\\.svc(\\.[-a-z0-9.]+)?)?)?(:[0-9]+)?(/|$)" . }}
{{- $ports = append $ports "6443" }}
{{- end }}
{{- end }}
{{- range .Values.networkPolicy.egress.issuerPorts }}
{{- $ports = append $ports (toString .) }}
{{- end }}
{{- compact $ports | uniq | sortAlpha | toJson }}
{{- end }}

{{/* Ports of Redis, as JSON. */}}
{{- define "assay.redisPorts" -}}
{{- $redis := default dict .Values.config.redis }}
{{- $ports := list }}
{{- range compact (list (default "" $redis.url) (default "" $redis.readUrl)) }}
{{- $ports = append $ports (include "assay.portOf" .) }}
{{- end }}
{{- range concat (default list $redis.sentinels) (default list $redis.cluster) }}
{{- $ports = append $ports (toString (int (default 6379 .port))) }}
{{- end }}
{{- /* Sentinels say where the servers are; usually it is there. */}}
{{- if or $redis.sentinels (and $redis (not (compact $ports))) }}
{{- $ports = append $ports "6379" }}
{{- end }}
{{- range .Values.networkPolicy.egress.redisPorts }}
{{- $ports = append $ports (toString .) }}
{{- end }}
{{- compact $ports | uniq | sortAlpha | toJson }}
{{- end }}
