{{- define "postgres.labels" -}}
app.kubernetes.io/name: postgres
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: florin
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Of each service two: who owns its tables and migrates them, and who reads and writes rows. */}}
{{- define "postgres.role" -}}
{{ replace "-" "_" . }}
{{- end -}}
