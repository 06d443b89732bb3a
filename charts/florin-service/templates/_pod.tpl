{{/* 75 % of the memory limit in MB: V8 must give memory back before the kernel takes the process. */}}
{{- define "florin-service.heapMegabytes" -}}
{{- $limit := .Values.resources.limits.memory -}}
{{- if hasSuffix "Gi" $limit -}}
{{- div (mul (trimSuffix "Gi" $limit | int) 1024 3) 4 -}}
{{- else -}}
{{- div (mul (trimSuffix "Mi" $limit | int) 3) 4 -}}
{{- end -}}
{{- end -}}

{{- define "florin-service.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "florin-service.containerSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "florin-service.natsEnv" }}
- name: NATS_NKEY
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.nats.existingSecret }}
      key: {{ .user }}
      optional: true
{{- end -}}

{{/* POSTGRES_URL is put together by the kubelet: no Secret of ours repeats the password. */}}
{{- define "florin-service.postgresEnv" -}}
{{- $root := .root -}}
{{- $secret := .secret -}}
{{- with $root.Values.postgres }}
{{- if .urlKey }}
- name: POSTGRES_URL
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ .urlKey }}
{{- else }}
- name: POSTGRES_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ .usernameKey }}
- name: POSTGRES_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ .passwordKey }}
- name: POSTGRES_URL
  value: postgres://$(POSTGRES_USERNAME):$(POSTGRES_PASSWORD)@{{ .host }}:{{ .port }}/{{ include "florin-service.database" $root }}?sslmode={{ .sslMode }}{{ include "florin-service.rootCertificate" $root }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "florin-service.hasAuthority" -}}
{{- with .Values.postgres -}}
{{- if and .enabled .caSecret (eq .sslMode "require") (not .urlKey) }}yes{{ end -}}
{{- end -}}
{{- end -}}

{{- define "florin-service.rootCertificate" -}}
{{- if include "florin-service.hasAuthority" . }}&sslrootcert=/etc/florin/postgres/ca.crt{{ end -}}
{{- end -}}

{{- define "florin-service.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if include "florin-service.hasAuthority" . }}
- name: postgres-ca
  mountPath: /etc/florin/postgres
  readOnly: true
{{- end }}
{{- end -}}

{{- define "florin-service.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 128Mi
{{- if include "florin-service.hasAuthority" . }}
- name: postgres-ca
  secret:
    secretName: {{ .Values.postgres.caSecret }}
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- end -}}

{{- define "florin-service.env" -}}
{{- if .Values.archive.enabled }}
- name: ARCHIVE_DIR
  value: {{ .Values.archive.path }}
{{- end }}
- name: NODE_OPTIONS
  value: --max-old-space-size={{ include "florin-service.heapMegabytes" . }}
- name: NODE_COMPILE_CACHE
  value: /tmp/compile-cache
- name: METRICS_PORT
  value: {{ .Values.opsPort | quote }}
{{- with .Values.ports.http }}
- name: PORT
  value: {{ . | quote }}
{{- end }}
{{- if .Values.nats.enabled }}
{{- include "florin-service.natsEnv" (dict "root" . "user" (include "florin-service.name" .)) }}
{{- end }}
{{- if .Values.postgres.enabled }}
{{- include "florin-service.postgresEnv" (dict "root" . "secret" (include "florin-service.postgresSecret" .)) }}
{{- end }}
{{- range $name, $from := .Values.secretEnv }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret }}
      key: {{ $from.key }}
      {{- if $from.optional }}
      optional: true
      {{- end }}
{{- end }}
{{- end -}}

{{- define "florin-service.probe" -}}
httpGet:
  path: {{ .path }}
  port: ops
{{ toYaml .timing }}
{{- end -}}

{{/* sleep as an action is on by default since 1.30; the images have no shell to do it otherwise. */}}
{{- define "florin-service.lifecycle" -}}
{{- if and (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) (gt (int .Values.preStopSleepSeconds) 0) }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ .Values.preStopSleepSeconds }}
{{- end }}
{{- end -}}

{{- define "florin-service.container" -}}
- name: {{ include "florin-service.name" . }}
  image: {{ include "florin-service.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  {{- with .Values.args }}
  args: {{ toJson . }}
  {{- end }}
  envFrom:
    - configMapRef:
        name: {{ include "florin-service.name" . }}
  env:
    {{- include "florin-service.env" . | trim | nindent 4 }}
  ports:
    - name: ops
      containerPort: {{ .Values.opsPort }}
    {{- range $name, $port := .Values.ports }}
    - name: {{ $name }}
      containerPort: {{ $port }}
    {{- end }}
  startupProbe:
    {{- include "florin-service.probe" (dict "path" "/livez" "timing" .Values.probes.startup) | nindent 4 }}
  livenessProbe:
    {{- include "florin-service.probe" (dict "path" "/livez" "timing" .Values.probes.liveness) | nindent 4 }}
  readinessProbe:
    {{- include "florin-service.probe" (dict "path" "/readyz" "timing" .Values.probes.readiness) | nindent 4 }}
  {{- with include "florin-service.lifecycle" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    {{- include "florin-service.containerSecurity" . | nindent 4 }}
  volumeMounts:
    {{- include "florin-service.volumeMounts" . | nindent 4 }}
    {{- if .Values.persistence.enabled }}
    - name: data
      mountPath: {{ .Values.persistence.path }}
    {{- end }}
    {{- if .Values.archive.enabled }}
    - name: archive
      mountPath: {{ .Values.archive.path }}
      readOnly: true
    {{- end }}
{{- end -}}

{{/* Where pods of the service should lie: apart from each other, if that can be. */}}
{{- define "florin-service.spread" -}}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "florin-service.selectorLabels" $ | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "florin-service.podTemplate" -}}
metadata:
  labels:
    {{- include "florin-service.selectorLabels" . | nindent 4 }}
    app.kubernetes.io/part-of: florin
    app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # A pod reads its configuration once, so that it must be replaced when that changes.
    florin.dev/config: {{ include "florin-service.configData" . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "florin-service.name" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "florin-service.podSecurity" . | nindent 4 }}
  {{- with include "florin-service.placement" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  topologySpreadConstraints:
    {{- include "florin-service.spread" . | trim | nindent 4 }}
  containers:
    {{- include "florin-service.container" . | nindent 4 }}
  volumes:
    {{- include "florin-service.volumes" . | nindent 4 }}
    {{- if .Values.persistence.enabled }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ include "florin-service.name" . }}
    {{- end }}
    {{- if .Values.archive.enabled }}
    {{- include "florin-service.archiveVolume" . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* What pods of the service and of its jobs have in common. */}}
{{- define "florin-service.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
