{{/* What the pods have in common. */}}

{{/* No variables of Services (Kubernetes would inject KUBEDOOR_*), no root, no token unless asked for. */}}
{{- define "kubedoor.pod" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
serviceAccountName: {{ include "kubedoor.fullname" $root }}-{{ $component }}
automountServiceAccountToken: {{ eq $component "api" }}
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ index . 2 }}
  runAsGroup: {{ index . 2 }}
  fsGroup: {{ index . 2 }}
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "kubedoor.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "kubedoor.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* kubedoor.preStop (list "sleep" "5"): answers on until nothing leads here any more. No shell is needed. */}}
{{- define "kubedoor.preStop" -}}
lifecycle:
  preStop:
    exec:
      command: {{ toJson . }}
{{- end -}}

{{/* kubedoor.spread (list $ "webhook"): not all on one node or in one zone, where there are several. */}}
{{- define "kubedoor.spread" -}}
{{- $selector := include "kubedoor.selector" . -}}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- $selector | nindent 8 }}
  {{- end }}
{{- end -}}

{{/* kubedoor.clickhouseEnv $: how to reach ClickHouse. */}}
{{- define "kubedoor.clickhouseEnv" -}}
- name: KUBEDOOR_CLICKHOUSE_URL
  value: {{ ternary (printf "http://%s-clickhouse:8123" (include "kubedoor.fullname" .)) .Values.clickhouse.url (eq .Values.clickhouse.mode "bundled") | quote }}
- name: KUBEDOOR_CLICKHOUSE_USER
  value: {{ .Values.clickhouse.user | quote }}
- name: KUBEDOOR_CLICKHOUSE_DATABASE
  value: {{ .Values.clickhouse.database | quote }}
{{- with .Values.clickhouse.cluster }}
- name: KUBEDOOR_CLICKHOUSE_CLUSTER
  value: {{ . | quote }}
{{- end }}
{{- if or .Values.clickhouse.existingSecret .Values.clickhouse.password (eq .Values.clickhouse.mode "bundled") }}
- name: KUBEDOOR_CLICKHOUSE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "kubedoor.clickhouseSecret" . }}
      key: {{ include "kubedoor.clickhouseSecretKey" . }}
{{- end }}
- name: KUBEDOOR_LOG_FORMAT
  value: json
- name: KUBEDOOR_LOG_LEVEL
  value: {{ .Values.logLevel | quote }}
{{- end -}}

{{/* kubedoor.serviceEnv (list $ .Values.api.settings): what every service needs, and further settings by name. */}}
{{- define "kubedoor.serviceEnv" -}}
{{- $root := index . 0 -}}
{{ include "kubedoor.clickhouseEnv" $root }}
- name: KUBEDOOR_ENV
  value: {{ $root.Values.env | quote }}
- name: KUBEDOOR_TIMEZONE
  value: {{ $root.Values.timezone | quote }}
- name: KUBEDOOR_NAMESPACES
  value: {{ $root.Values.namespaces | quote }}
- name: KUBEDOOR_NAMESPACES_EXCLUDED
  value: {{ $root.Values.namespacesExcluded | quote }}
{{- range $name, $value := index . 1 }}
- name: KUBEDOOR_{{ $name }}
  value: {{ include "kubedoor.plain" $value | quote }}
{{- end }}
{{- end -}}

{{/* kubedoor.mutateEnv $: the secret of the webhook's address, for the webhook and for the api that writes it down. */}}
{{- define "kubedoor.mutateEnv" -}}
{{- with include "kubedoor.addressSecret" . }}
- name: KUBEDOOR_MUTATE_SECRET
  valueFrom:
    secretKeyRef: { name: {{ . }}, key: mutate-secret }
{{- end }}
{{- end -}}

{{/* kubedoor.prometheusEnv $: how to reach the store of metrics. */}}
{{- define "kubedoor.prometheusEnv" -}}
{{- with .Values.prometheus -}}
- name: KUBEDOOR_PROMETHEUS_URL
  value: {{ .url | quote }}
- name: KUBEDOOR_PROMETHEUS_TYPE
  value: {{ .type | quote }}
{{- with .envLabel }}
- name: KUBEDOOR_PROMETHEUS_ENV_LABEL
  value: {{ . | quote }}
{{- end }}
{{- with .user }}
- name: KUBEDOOR_PROMETHEUS_USER
  value: {{ . | quote }}
{{- end }}
{{- if .existingSecret }}
- name: {{ ternary "KUBEDOOR_PROMETHEUS_PASSWORD" "KUBEDOOR_PROMETHEUS_TOKEN" (ne .user "") }}
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ ternary "password" "token" (ne .user "") }}
{{- end }}
{{- with .headersSecret }}
- name: KUBEDOOR_PROMETHEUS_HEADERS
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: headers
{{- end }}
{{- if .caSecret }}
- name: KUBEDOOR_PROMETHEUS_CA_FILE
  value: /etc/kubedoor/prometheus-ca/ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{- define "kubedoor.prometheusMount" -}}
{{- if .Values.prometheus.caSecret -}}
- { name: prometheus-ca, mountPath: /etc/kubedoor/prometheus-ca, readOnly: true }
{{- end }}
{{- end -}}

{{- define "kubedoor.prometheusVolume" -}}
{{- with .Values.prometheus.caSecret -}}
- name: prometheus-ca
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    items:
      - { key: ca.crt, path: ca.crt }
{{- end }}
{{- end -}}

{{/* kubedoor.plain 31536000: a value as text; Helm would write a large whole number as 3.1536e+07. */}}
{{- define "kubedoor.plain" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{- int64 . -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{/* kubedoor.probes "HTTPS": liveness asks whether it is alive, readiness whether it can do its job. */}}
{{- define "kubedoor.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: main, scheme: {{ . }} }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: main, scheme: {{ . }} }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: main, scheme: {{ . }} }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end -}}
