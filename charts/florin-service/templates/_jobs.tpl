{{/*
A job that runs before an installation or an upgrade. Hooks run before the chart's own ServiceAccount,
ConfigMap and NetworkPolicy exist, so the job brings its own, as hooks that come first.
*/}}
{{- define "florin-service.hookAnnotations" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: {{ .delete | default "before-hook-creation" }}
{{- end -}}

{{- define "florin-service.hookMeta" -}}
name: {{ .name }}
labels:
  {{- include "florin-service.labels" (dict "root" .root "component" .component) | nindent 2 }}
annotations:
  {{- include "florin-service.hookAnnotations" (dict "weight" .weight "delete" .delete) | nindent 2 }}
{{- end -}}

{{/* dict: root, to: names of exceptions that the service has, too */}}
{{- define "florin-service.jobPeers" -}}
{{- $root := .root -}}
{{- range $peer := .to }}
{{- with index $root.Values.networkPolicy.to $peer }}
{{- if .enabled }}
# {{ $peer }}
{{ include "florin-service.networkPeer" (dict "direction" "to" "rule" . "opsPort" $root.Values.opsPort) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* dict: root, component, args, env (text), config (names of ConfigMap entries), to, deadline */}}
{{- define "florin-service.hookJob" -}}
{{- $root := .root -}}
{{- $name := printf "%s-%s" (include "florin-service.name" $root) .component -}}
{{- $meta := dict "root" $root "component" .component "name" $name "weight" "-20" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "florin-service.hookMeta" $meta | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "florin-service.hookMeta" $meta | nindent 2 }}
data:
  {{- range $key, $value := .config }}
  {{ $key }}: {{ tpl $value $root | quote }}
  {{- end }}
{{- if $root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "florin-service.hookMeta" $meta | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ include "florin-service.name" $root }}
      app.kubernetes.io/instance: {{ $root.Release.Name }}
      app.kubernetes.io/component: {{ .component }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "florin-service.jobPeers" (dict "root" $root "to" .to) | trim | nindent 4 }}
{{- end }}
---
apiVersion: batch/v1
kind: Job
metadata:
  {{- $delete := "before-hook-creation,hook-succeeded" }}
  {{- $job := dict "root" $root "component" .component "name" $name "weight" "-10" "delete" $delete }}
  {{- include "florin-service.hookMeta" $job | nindent 2 }}
spec:
  backoffLimit: 8
  activeDeadlineSeconds: {{ .deadline }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ include "florin-service.name" $root }}
        app.kubernetes.io/instance: {{ $root.Release.Name }}
        app.kubernetes.io/component: {{ .component }}
        app.kubernetes.io/part-of: florin
    spec:
      restartPolicy: Never
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        {{- include "florin-service.podSecurity" $root | nindent 8 }}
      {{- with include "florin-service.placement" $root | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "florin-service.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: {{ toJson .args }}
          envFrom:
            - configMapRef:
                name: {{ $name }}
          {{- with .env | trim }}
          env:
            {{- . | nindent 12 }}
          {{- end }}
          resources:
            requests:
              cpu: 50m
              memory: 96Mi
            limits:
              memory: 256Mi
          securityContext:
            {{- include "florin-service.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            {{- include "florin-service.volumeMounts" $root | nindent 12 }}
      volumes:
        {{- include "florin-service.volumes" $root | nindent 8 }}
{{- end -}}

{{- define "florin-service.migrationJob" -}}
{{- if and .Values.migrations.enabled .Values.postgres.enabled }}
{{- include "florin-service.hookJob" (dict
  "root" .
  "component" "migrate"
  "args" (list "scripts/jobs/migrate.ts" (include "florin-service.name" .))
  "env" (include "florin-service.postgresEnv" (dict "root" . "secret" (include "florin-service.postgresOwnerSecret" .)))
  "config" (dict "POSTGRES_SERVICE_ROLE" (include "florin-service.postgresRole" .))
  "to" (list "dns" "dns-tcp" "postgres")
  "deadline" .Values.migrations.activeDeadlineSeconds) }}
{{- end }}
{{- end -}}

{{- define "florin-service.topologyJob" -}}
{{- if .Values.topology.enabled }}
{{- include "florin-service.hookJob" (dict
  "root" .
  "component" "topology"
  "args" (list "scripts/jobs/provision-topology.ts")
  "env" (include "florin-service.natsEnv" (dict "root" . "user" "provision"))
  "config" (dict
    "NATS_URL" (.Values.config.NATS_URL | default "")
    "STREAM_REPLICAS" (toString .Values.topology.replicas))
  "to" (list "dns" "dns-tcp" "nats")
  "deadline" .Values.topology.activeDeadlineSeconds) }}
{{- end }}
{{- end -}}
