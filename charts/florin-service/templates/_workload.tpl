{{- define "florin-service.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "florin-service.name" . }}
  labels:
    {{- include "florin-service.labels" (dict "root" .) | nindent 4 }}
# Nothing here talks to the API server.
automountServiceAccountToken: false
{{- end -}}

{{- define "florin-service.configData" -}}
{{- range $name, $value := .Values.config }}
{{- with tpl $value $ }}
{{ $name }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "florin-service.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "florin-service.name" . }}
  labels:
    {{- include "florin-service.labels" (dict "root" .) | nindent 4 }}
data:
  {{- include "florin-service.configData" . | trim | nindent 2 }}
{{- end -}}

{{/*
As a hook before everything, because the jobs that are hooks need the Secret. Orphan: the Secret
stays when the hook is made anew.
*/}}
{{- define "florin-service.externalSecret" -}}
{{- with .Values.externalSecret }}
{{- if .enabled }}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {{ .name }}
  labels:
    {{- include "florin-service.labels" (dict "root" $ "component" "secret") | nindent 4 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: '-30'
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  refreshInterval: {{ .refreshInterval }}
  secretStoreRef:
    {{- toYaml .storeRef | nindent 4 }}
  target:
    name: {{ .name }}
    creationPolicy: Orphan
    deletionPolicy: Retain
  data:
    {{- range $key, $from := .data }}
    - secretKey: {{ $key }}
      remoteRef:
        {{- toYaml $from | nindent 8 }}
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* `replicas` only while nothing scales: two owners of one field fight under server-side apply. */}}
{{- define "florin-service.workload" -}}
{{- $rollout := .Values.rollout.enabled -}}
apiVersion: {{ ternary "argoproj.io/v1alpha1" "apps/v1" $rollout }}
kind: {{ ternary "Rollout" "Deployment" $rollout }}
metadata:
  name: {{ include "florin-service.name" . }}
  labels:
    {{- include "florin-service.labels" (dict "root" .) | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  {{- with .Values.minReadySeconds }}
  minReadySeconds: {{ . }}
  {{- end }}
  progressDeadlineSeconds: {{ .Values.progressDeadlineSeconds }}
  selector:
    matchLabels:
      {{- include "florin-service.selectorLabels" . | nindent 6 }}
  strategy:
    {{- if $rollout }}
    {{- include "florin-service.rolloutStrategy" . | trim | nindent 4 }}
    {{- else if or .Values.persistence.enabled (eq .Values.strategy.type "Recreate") }}
    type: Recreate
    {{- else }}
    {{- toYaml .Values.strategy | nindent 4 }}
    {{- end }}
  template:
    {{- include "florin-service.podTemplate" . | nindent 4 }}
{{- end -}}

{{- define "florin-service.service" -}}
{{- if .Values.ports }}
{{- include "florin-service.oneService" (dict "root" . "name" (include "florin-service.name" .)) }}
{{- if and .Values.rollout.enabled (eq .Values.rollout.strategy "blueGreen") }}
---
{{ include "florin-service.oneService" (dict "root" . "name" (printf "%s-preview" (include "florin-service.name" .))) }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "florin-service.oneService" -}}
{{- with .root -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $.name }}
  labels:
    {{- include "florin-service.labels" (dict "root" .) | nindent 4 }}
  {{- with .Values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .Values.service.type }}
  selector:
    {{- include "florin-service.selectorLabels" . | nindent 4 }}
  ports:
    {{- range $name, $port := .Values.ports }}
    - name: {{ $name }}
      port: {{ $port }}
      targetPort: {{ $name }}
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "florin-service.persistentVolumeClaim" -}}
{{- with .Values.persistence }}
{{- if .enabled }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "florin-service.name" $ }}
  labels:
    {{- include "florin-service.labels" (dict "root" $) | nindent 4 }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size }}
{{- end }}
{{- end }}
{{- end -}}
