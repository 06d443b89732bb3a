{{/*
One name everywhere: the folder, the package, the image, the chart and the objects of a service are
named alike, so that a neighbour is found without knowing the release. One installation a namespace.
*/}}
{{- define "florin-service.name" -}}
{{- .Chart.Name -}}
{{- end -}}

{{- define "florin-service.selectorLabels" -}}
app.kubernetes.io/name: {{ include "florin-service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end -}}

{{/* Of everything but pods and selectors. */}}
{{- define "florin-service.labels" -}}
{{- $component := .component | default "server" -}}
{{- with .root -}}
app.kubernetes.io/name: {{ include "florin-service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ $component }}
app.kubernetes.io/part-of: florin
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}
{{- end -}}

{{- define "florin-service.image" -}}
{{- $image := .Values.image -}}
{{- $repository := $image.repository | default (include "florin-service.name" .) -}}
{{- $path := ternary $repository (printf "%s/%s" $image.registry $repository) (empty $image.registry) -}}
{{- if $image.digest -}}
{{ $path }}@{{ $image.digest }}
{{- else -}}
{{ $path }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "florin-service.postgresSecret" -}}
{{- .Values.postgres.existingSecret | default (printf "postgres-%s" (include "florin-service.name" .)) -}}
{{- end -}}

{{- define "florin-service.postgresOwnerSecret" -}}
{{- .Values.postgres.ownerSecret | default (printf "postgres-%s-owner" (include "florin-service.name" .)) -}}
{{- end -}}

{{- define "florin-service.postgresRole" -}}
{{- .Values.postgres.serviceRole | default (include "florin-service.name" . | replace "-" "_") -}}
{{- end -}}

{{- define "florin-service.database" -}}
{{- .Values.postgres.database | default (printf "florin_%s" (include "florin-service.name" . | replace "-" "_")) -}}
{{- end -}}

{{/* What is scaled: the Rollout or the Deployment. */}}
{{- define "florin-service.workloadRef" -}}
{{- if .Values.rollout.enabled -}}
apiVersion: argoproj.io/v1alpha1
kind: Rollout
{{- else -}}
apiVersion: apps/v1
kind: Deployment
{{- end }}
name: {{ include "florin-service.name" . }}
{{- end -}}
