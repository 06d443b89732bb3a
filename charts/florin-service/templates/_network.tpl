{{/* One named exception: who, and which ports. */}}
{{- define "florin-service.networkPeer" -}}
{{- $rule := .rule -}}
- {{ .direction }}:
    {{- if $rule.cidr }}
    - ipBlock:
        cidr: {{ $rule.cidr }}
        {{- with $rule.except }}
        except: {{ toJson . }}
        {{- end }}
    {{- else }}
    {{- $entries := list }}
    {{- $peer := dict }}
    {{- with $rule.namespace }}
    {{- $labels := dict "kubernetes.io/metadata.name" . }}
    {{- $_ := set $peer "namespaceSelector" (dict "matchLabels" $labels) }}
    {{- end }}
    {{- with $rule.pods }}
    {{- $_ := set $peer "podSelector" (dict "matchLabels" .) }}
    {{- end }}
    - {{ toYaml $peer | nindent 6 | trim }}
    {{- end }}
  ports:
    {{- range $rule.ports | default (list .opsPort) }}
    - protocol: {{ $rule.protocol | default "TCP" }}
      port: {{ . }}
    {{- end }}
{{- end -}}

{{/* A pod of a job is no server: it may reach what it works on, and nobody reaches it. */}}
{{- define "florin-service.networkPolicy" -}}
{{- $root := . -}}
{{- if .Values.networkPolicy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "florin-service.name" . }}
  labels:
    {{- include "florin-service.labels" (dict "root" .) | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "florin-service.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- range $name, $rule := .Values.networkPolicy.from }}
    {{- if $rule.enabled }}
    # {{ $name }}
    {{- include "florin-service.networkPeer" (dict "direction" "from" "rule" $rule "opsPort" $root.Values.opsPort) | nindent 4 }}
    {{- end }}
    {{- end }}
  egress:
    {{- range $name, $rule := .Values.networkPolicy.to }}
    {{- if and $rule.enabled (or (ne $name "postgres") $root.Values.postgres.enabled) }}
    # {{ $name }}
    {{- include "florin-service.networkPeer" (dict "direction" "to" "rule" $rule "opsPort" $root.Values.opsPort) | nindent 4 }}
    {{- end }}
    {{- end }}
{{- end }}
{{- end -}}
