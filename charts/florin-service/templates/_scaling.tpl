{{- define "florin-service.autoscaler" -}}
{{- with .Values.autoscaling }}
{{- if .enabled }}
{{- if eq .engine "keda" }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "florin-service.name" $ }}
  labels:
    {{- include "florin-service.labels" (dict "root" $) | nindent 4 }}
spec:
  scaleTargetRef:
    {{- include "florin-service.workloadRef" $ | nindent 4 }}
  minReplicaCount: {{ .minReplicas }}
  maxReplicaCount: {{ .maxReplicas }}
  cooldownPeriod: 300
  # Prometheus away: stay as large as the smallest installation that is known to work.
  fallback:
    failureThreshold: 4
    replicas: {{ .minReplicas }}
  triggers:
    - type: prometheus
      metadata:
        serverAddress: {{ .prometheus.serverAddress }}
        query: {{ .prometheus.query | toJson }}
        threshold: {{ .prometheus.threshold | quote }}
{{- else }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "florin-service.name" $ }}
  labels:
    {{- include "florin-service.labels" (dict "root" $) | nindent 4 }}
spec:
  scaleTargetRef:
    {{- include "florin-service.workloadRef" $ | nindent 4 }}
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .targetCpuPercent }}
  behavior:
    scaleDown:
      # Partitions move when pods go: not for a moment's quiet.
      stabilizationWindowSeconds: 300
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "florin-service.podDisruptionBudget" -}}
{{- $scaled := .Values.autoscaling -}}
{{- $pods := ternary $scaled.minReplicas .Values.replicas $scaled.enabled | int -}}
{{- if and .Values.podDisruptionBudget.enabled (gt $pods 1) }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "florin-service.name" . }}
  labels:
    {{- include "florin-service.labels" (dict "root" .) | nindent 4 }}
spec:
  maxUnavailable: {{ .Values.podDisruptionBudget.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "florin-service.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end -}}
