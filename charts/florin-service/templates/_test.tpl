{{- define "florin-service.test" -}}
{{- if .Values.test.enabled }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "florin-service.name" . }}-test
  labels:
    {{- include "florin-service.labels" (dict "root" . "component" "test") | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  serviceAccountName: {{ include "florin-service.name" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- include "florin-service.podSecurity" . | nindent 4 }}
  {{- with include "florin-service.placement" . | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  containers:
    - name: test
      image: {{ include "florin-service.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        {{- range .Values.test.args }}
        - {{ tpl . $ | quote }}
        {{- end }}
      {{- with .Values.test.env }}
      env:
        {{- range $name, $value := . }}
        - name: {{ $name }}
          value: {{ tpl $value $ | quote }}
        {{- end }}
      {{- end }}
      resources:
        requests:
          cpu: 50m
          memory: 96Mi
        limits:
          memory: 256Mi
      securityContext:
        {{- include "florin-service.containerSecurity" . | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
{{- end }}
{{- end -}}
