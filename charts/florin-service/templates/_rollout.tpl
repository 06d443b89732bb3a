{{/*
canary: weights are shares of replicas, without a traffic router; so stableService and canaryService
are not set, which would starve the stable Service as its pods go.
*/}}
{{- define "florin-service.rolloutStrategy" -}}
{{- $name := include "florin-service.name" . -}}
{{- with .Values.rollout }}
{{- if eq .strategy "blueGreen" }}
blueGreen:
  activeService: {{ $name }}
  previewService: {{ $name }}-preview
  autoPromotionEnabled: {{ .blueGreen.autoPromotionEnabled }}
  scaleDownDelaySeconds: {{ .blueGreen.scaleDownDelaySeconds }}
  prePromotionAnalysis:
    templates:
      - templateName: {{ $name }}-smoke
  {{- if .analysis.metrics }}
  postPromotionAnalysis:
    templates:
      - templateName: {{ $name }}-release
    {{- include "florin-service.analysisArgs" . | nindent 4 }}
  {{- end }}
{{- else }}
canary:
  maxSurge: {{ .canary.maxSurge }}
  maxUnavailable: {{ .canary.maxUnavailable }}
  {{- with .canary.steps }}
  steps:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .analysis.metrics }}
  analysis:
    startingStep: {{ .analysis.startingStep }}
    templates:
      - templateName: {{ $name }}-release
    {{- include "florin-service.analysisArgs" . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "florin-service.analysisArgs" -}}
args:
  - name: new-hash
    valueFrom:
      podTemplateHashValue: Latest
  - name: old-hash
    valueFrom:
      podTemplateHashValue: Stable
{{- end -}}

{{/* Queries hold {{ `{{args.new-hash}}` }} for Argo: values are not templates here. */}}
{{- define "florin-service.analysisTemplate" -}}
{{- $name := include "florin-service.name" . -}}
{{- $values := .Values -}}
{{- with .Values.rollout }}
{{- if .enabled }}
{{- if .analysis.metrics }}
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: {{ $name }}-release
  labels:
    {{- include "florin-service.labels" (dict "root" $ "component" "release") | nindent 4 }}
spec:
  args:
    - name: new-hash
    - name: old-hash
  metrics:
    {{- range .analysis.metrics }}
    - {{ toYaml (omit . "query") | nindent 6 | trim }}
      provider:
        prometheus:
          address: {{ $values.rollout.analysis.prometheusAddress }}
          query: {{ .query | toJson }}
    {{- end }}
{{- end }}
{{- if eq .strategy "blueGreen" }}
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: {{ $name }}-smoke
  labels:
    {{- include "florin-service.labels" (dict "root" $ "component" "release") | nindent 4 }}
spec:
  metrics:
    - name: smoke
      count: 3
      interval: 5s
      failureLimit: 0
      consecutiveErrorLimit: 2
      successCondition: result == true
      provider:
        web:
          url: http://{{ $name }}-preview.{{ $.Release.Namespace }}:{{ $values.ports.http }}{{ .blueGreen.smokePath }}
          timeoutSeconds: 5
          jsonPath: '{$.ok}'
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
