{{/*
A PodMonitor, because consumers have no Service. The label of the revision lets every query tell a
canary from the pods it would replace.
*/}}
{{- define "florin-service.podMonitor" -}}
{{- $known := .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" -}}
{{- $wanted := .Values.podMonitor.enabled -}}
{{- if or (eq $wanted "always") (and (eq $wanted "auto") $known) }}
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: {{ include "florin-service.name" . }}
  labels:
    {{- include "florin-service.labels" (dict "root" .) | nindent 4 }}
    {{- with .Values.podMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "florin-service.selectorLabels" . | nindent 6 }}
  podTargetLabels: [rollouts-pod-template-hash]
  podMetricsEndpoints:
    - port: ops
      path: /metrics
      interval: {{ .Values.podMonitor.interval }}
{{- end }}
{{- end -}}
