{{/*
The archive of a database: pods of the service read it, and a job of its own writes it, as the owner
of the tables, with an account and a network policy of its own.
*/}}
{{- define "florin-service.archiveClaimName" -}}
{{- .Values.archive.existingClaim | default (printf "%s-archive" (include "florin-service.name" .)) -}}
{{- end -}}

{{- define "florin-service.archiveVolume" -}}
- name: archive
  persistentVolumeClaim:
    claimName: {{ include "florin-service.archiveClaimName" . }}
{{- end -}}

{{/* The law says how long files are kept, and no release. */}}
{{- define "florin-service.archiveClaim" -}}
{{- if and .Values.archive.enabled (not .Values.archive.existingClaim) }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "florin-service.archiveClaimName" . }}
  labels:
    {{- include "florin-service.labels" (dict "root" . "component" "archive") | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
spec:
  accessModes: [ReadWriteMany]
  {{- with .Values.archive.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .Values.archive.size }}
{{- end }}
{{- end -}}

{{- define "florin-service.archiveMeta" -}}
name: {{ include "florin-service.name" . }}-archive
labels:
  {{- include "florin-service.labels" (dict "root" . "component" "archive") | nindent 2 }}
{{- end -}}

{{- define "florin-service.archiveEnv" -}}
{{- $secret := include "florin-service.postgresOwnerSecret" . -}}
- name: ARCHIVE_DIR
  value: {{ .Values.archive.path }}
{{ include "florin-service.postgresEnv" (dict "root" . "secret" $secret) | trim }}
- name: POSTGRES_OWNER_URL
  value: $(POSTGRES_URL)
{{- end -}}

{{- define "florin-service.archiveJob" -}}
{{- if .Values.archive.enabled }}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "florin-service.archiveMeta" . | nindent 2 }}
automountServiceAccountToken: false
{{- if .Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "florin-service.archiveMeta" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ include "florin-service.name" . }}
      app.kubernetes.io/instance: {{ .Release.Name }}
      app.kubernetes.io/component: archive
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "florin-service.jobPeers" (dict "root" . "to" (list "dns" "dns-tcp" "postgres")) | trim | nindent 4 }}
{{- end }}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  {{- include "florin-service.archiveMeta" . | nindent 2 }}
spec:
  schedule: {{ .Values.archive.schedule | quote }}
  timeZone: Etc/UTC
  # One after the other: each month is the oldest that is left.
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      # Killed at any point it loses nothing, and goes on when it is run again.
      backoffLimit: 2
      activeDeadlineSeconds: {{ .Values.archive.activeDeadlineSeconds }}
      template:
        metadata:
          labels:
            app.kubernetes.io/name: {{ include "florin-service.name" . }}
            app.kubernetes.io/instance: {{ .Release.Name }}
            app.kubernetes.io/component: archive
            app.kubernetes.io/part-of: florin
        spec:
          {{- include "florin-service.archivePod" . | nindent 10 }}
{{- end }}
{{- end -}}

{{- define "florin-service.archivePod" -}}
{{- $name := include "florin-service.name" . -}}
restartPolicy: Never
serviceAccountName: {{ $name }}-archive
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "florin-service.podSecurity" . | nindent 2 }}
{{- with include "florin-service.placement" . | trim }}
{{ . }}
{{- end }}
containers:
  - name: archive
    image: {{ include "florin-service.image" . }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    args: {{ toJson (list (printf "services/%s/archive/run.ts" $name) "due" (toString .Values.archive.keepMonths)) }}
    env:
      {{- include "florin-service.archiveEnv" . | nindent 6 }}
    resources:
      requests:
        cpu: 100m
        memory: 256Mi
      limits:
        memory: 512Mi
    securityContext:
      {{- include "florin-service.containerSecurity" . | nindent 6 }}
    volumeMounts:
      {{- include "florin-service.volumeMounts" . | nindent 6 }}
      - name: archive
        mountPath: {{ .Values.archive.path }}
volumes:
  {{- include "florin-service.volumes" . | nindent 2 }}
  {{- include "florin-service.archiveVolume" . | nindent 2 }}
{{- end -}}
