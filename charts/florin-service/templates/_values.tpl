{{/*
The values of a service: the defaults of this library, then `global`, then those of the chart and of
whoever installs it. Done once a chart; everything after it reads .Values alone.
*/}}
{{- define "florin-service.mergeValues" -}}
{{- $defaults := deepCopy (index .Values "florin-service") -}}
{{- $global := dict -}}
{{- range $key := list "image" "config" "nats" "postgres" "podMonitor" -}}
{{- with dig $key dict ($.Values.global | default dict) -}}
{{- $_ := set $global $key (deepCopy .) -}}
{{- end -}}
{{- end -}}
{{- $own := deepCopy (omit .Values "florin-service" "global") -}}
{{- $_ := set . "Values" (mustMergeOverwrite $defaults $global $own) -}}
{{- $_ := set .Values "global" dict -}}
{{- end -}}

{{/* Mistakes that a schema can't see. */}}
{{- define "florin-service.validate" -}}
{{- $values := .Values -}}
{{- if and $values.rollout.enabled (eq $values.rollout.strategy "blueGreen") (not $values.ports) -}}
{{- fail (printf "%s: blue/green moves a Service, and without ports there is none" .Chart.Name) -}}
{{- end -}}
{{- if and $values.persistence.enabled (or $values.autoscaling.enabled (gt (int $values.replicas) 1)) -}}
{{- fail (printf "%s: a persistent folder belongs to one pod only" .Chart.Name) -}}
{{- end -}}
{{- if and $values.archive.enabled (not $values.postgres.enabled) -}}
{{- fail (printf "%s: an archive is one of a database: postgres.enabled" .Chart.Name) -}}
{{- end -}}
{{- if and $values.autoscaling.enabled (eq $values.autoscaling.engine "keda") (not $values.autoscaling.prometheus.query) -}}
{{- fail (printf "%s: KEDA needs autoscaling.prometheus.query" .Chart.Name) -}}
{{- end -}}
{{- if and $values.autoscaling.enabled (lt (int $values.autoscaling.maxReplicas) (int $values.autoscaling.minReplicas)) -}}
{{- fail (printf "%s: autoscaling.maxReplicas is below minReplicas" .Chart.Name) -}}
{{- end -}}
{{- if lt (int $values.terminationGracePeriodSeconds) (add (int $values.preStopSleepSeconds) 12) -}}
{{- fail (printf "%s: a clean stop takes up to 10 s after preStopSleepSeconds: raise terminationGracePeriodSeconds" .Chart.Name) -}}
{{- end -}}
{{- if and $values.externalSecret.enabled (not (and $values.externalSecret.name $values.externalSecret.storeRef.name $values.externalSecret.data)) -}}
{{- fail (printf "%s: externalSecret needs name, storeRef.name and data" .Chart.Name) -}}
{{- end -}}
{{- end -}}

{{/* Everything of a service. The only template that a chart includes. */}}
{{- define "florin-service.all" -}}
{{- include "florin-service.mergeValues" . -}}
{{- include "florin-service.validate" . -}}
{{- $documents := list
  "serviceAccount" "configMap" "externalSecret" "workload" "service" "ingress" "httpRoute"
  "autoscaler" "podDisruptionBudget" "networkPolicy" "podMonitor" "persistentVolumeClaim"
  "archiveClaim" "archiveJob" "analysisTemplate" "migrationJob" "topologyJob" "test" -}}
{{- range $name := $documents }}
{{- with include (printf "florin-service.%s" $name) $ | trim }}
---
{{ . }}
{{- end }}
{{- end }}
{{- end -}}
