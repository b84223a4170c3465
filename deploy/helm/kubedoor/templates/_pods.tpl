{{/* What the pods have in common. */}}

{{/* kubedoor.ownValues (list $ "api"): the values of a component's own, as YAML. */}}
{{- define "kubedoor.ownValues" -}}
{{- $values := (index . 0).Values -}}
{{- $component := index . 1 -}}
{{- if eq $component "clickhouse" -}}
{{- toYaml $values.clickhouse.bundled -}}
{{- else if eq $component "webhook-test" -}}
{{- toYaml $values.webhookTest -}}
{{- else if eq $component "restore" -}}
{{- toYaml $values.backup -}}
{{- else if hasKey $values $component -}}
{{- toYaml (index $values $component) -}}
{{- else -}}
{{- $words := splitList "-" $component -}}
{{- $key := first $words -}}
{{- range rest $words -}}
{{- $key = print $key (title .) -}}
{{- end -}}
{{- toYaml (index $values.monitoring $key) -}}
{{- end -}}
{{- end -}}

{{/* kubedoor.podValues (list $ "api"): what is set for a component's pods, over what is set for all, as YAML. */}}
{{- define "kubedoor.podValues" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $own := include "kubedoor.ownValues" . | fromYaml -}}
{{- $given := dict -}}
{{- range $key := list "resources" "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" "priorityClassName" "podLabels" "podAnnotations" "extraEnv" "extraVolumes" "extraVolumeMounts" "podSecurityContext" "containerSecurityContext" -}}
{{- with index $own $key -}}
{{- $_ := set $given $key (deepCopy .) -}}
{{- end -}}
{{- end -}}
{{- $merged := mergeOverwrite (deepCopy $root.Values.pods) $given -}}
{{- if and (eq $component "webhook") (include "kubedoor.webhookPriorityClass" $root | trim) -}}
{{- $_ := set $merged "priorityClassName" (include "kubedoor.webhookPriorityClass" $root | trim) -}}
{{- end -}}
{{- toYaml $merged -}}
{{- end -}}

{{/* kubedoor.podMetadata (list $ "api"): labels and annotations of a component's pods; further annotations as YAML. */}}
{{- define "kubedoor.podMetadata" -}}
{{- $root := index . 0 -}}
{{- $pod := include "kubedoor.podValues" (list $root (index . 1)) | fromYaml -}}
labels:
  {{- with omit (default dict $pod.podLabels) "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- include "kubedoor.labels" (list $root (index . 1)) | nindent 2 }}
{{- $annotations := default dict $pod.podAnnotations -}}
{{- if gt (len .) 2 -}}
{{- $annotations = merge (deepCopy (index . 2)) $annotations -}}
{{- end -}}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* kubedoor.account (list $ "api"): the service account of a component: a given one, its own, or (for what needs no rights) the namespace's. */}}
{{- define "kubedoor.account" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- if has $component (list "migrate" "backup" "restore" "node-exporter" "victoria-metrics" "vmalert" "alertmanager") -}}
default
{{- else -}}
{{- $component = get (dict "webhook-test" "webhook" "uninstall" "api") $component | default $component -}}
{{- $own := include "kubedoor.ownValues" (list $root $component) | fromYaml -}}
{{- default (printf "%s-%s" (include "kubedoor.fullname" $root) $component) $own.serviceAccountName -}}
{{- end -}}
{{- end -}}

{{/*
kubedoor.pod (list $ "api" 10001): what every pod has in common, and where it runs. No variables of Services (Kubernetes
would inject KUBEDOOR_*), no root, no token unless asked for. The number is the user id that the image has.
*/}}
{{- define "kubedoor.pod" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $pod := include "kubedoor.podValues" (list $root $component) | fromYaml -}}
serviceAccountName: {{ include "kubedoor.account" (list $root $component) }}
automountServiceAccountToken: {{ has $component (list "api" "uninstall" "vmagent" "kube-state-metrics") }}
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- $context := default dict $pod.podSecurityContext -}}
{{- if $root.Values.pods.userIds -}}
{{- $context = merge (dict "runAsUser" (index . 2) "runAsGroup" (index . 2) "fsGroup" (index . 2)) $context -}}
{{- range $key, $value := default dict $pod.podSecurityContext -}}
{{- $_ := set $context $key $value -}}
{{- end -}}
{{- end -}}
{{- with $context }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
{{- with index $pod $key }}
{{ $key }}: {{- if kindIs "string" . }} {{ . }}{{ else }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
{{- end }}
{{- if $pod.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml $pod.topologySpreadConstraints | nindent 2 }}
{{- else if has $component (list "webhook" "api" "console") }}
# Not all on one node or in one zone, where there are several.
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "kubedoor.selector" (list $root $component) | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* kubedoor.container (list $ "api"): what every container has in common: what it asks for, and what it may not do. */}}
{{- define "kubedoor.container" -}}
{{- $pod := include "kubedoor.podValues" . | fromYaml -}}
resources:
  {{- toYaml (default dict $pod.resources) | nindent 2 }}
{{- with $pod.containerSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* kubedoor.extra (list $ "api" "extraEnv"): what is added to a component's variables, mounts or volumes. */}}
{{- define "kubedoor.extra" -}}
{{- $pod := include "kubedoor.podValues" (list (index . 0) (index . 1)) | fromYaml -}}
{{- with index $pod (index . 2) -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* kubedoor.preStop (list "sleep" "5"): answers on until nothing leads here any more. No shell is needed. */}}
{{- define "kubedoor.preStop" -}}
lifecycle:
  preStop:
    exec:
      command: {{ toJson . }}
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

{{/* kubedoor.store $: the store of metrics: yours, or the one that the chart brings along; as YAML. */}}
{{- define "kubedoor.store" -}}
{{- if eq .Values.monitoring.stack "full" -}}
{{- $own := dict "url" (include "kubedoor.storeUrl" .) "type" "victoria-metrics-single" "envLabel" (printf "env=%s" .Values.env) -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.prometheus) $own) -}}
{{- else -}}
{{- toYaml .Values.prometheus -}}
{{- end -}}
{{- end -}}

{{/* kubedoor.prometheusEnv $: how to reach the store of metrics. */}}
{{- define "kubedoor.prometheusEnv" -}}
{{- with include "kubedoor.store" . | fromYaml -}}
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

{{/* kubedoor.ipFamilies $: which families of addresses a Service has. */}}
{{- define "kubedoor.ipFamilies" -}}
{{- with .Values.network.ipFamilyPolicy }}
ipFamilyPolicy: {{ . }}
{{- end }}
{{- with .Values.network.ipFamilies }}
ipFamilies: {{ toJson . }}
{{- end }}
{{- end -}}

{{/*
kubedoor.secrets (list $ "api"): which secrets a component takes, as YAML: the setting, the Secret, the key. They are
mounted as files: what a process's environment holds is read by whoever may look at the process.
*/}}
{{- define "kubedoor.secrets" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- with $root.Values.clickhouse }}
{{- if or .existingSecret .password (eq .mode "bundled") }}
{{- $ofHook := and (eq $component "migrate") (eq .mode "external") (ne .password "") }}
- name: KUBEDOOR_CLICKHOUSE_PASSWORD
  secret: {{ ternary (printf "%s-migrate" (include "kubedoor.fullname" $root)) (include "kubedoor.clickhouseSecret" $root) $ofHook }}
  key: {{ include "kubedoor.clickhouseSecretKey" $root }}
{{- end }}
{{- end }}
{{- if and (has $component (list "collector" "api")) $root.Values.prometheus.url }}
{{- with $root.Values.prometheus }}
{{- if .existingSecret }}
- name: {{ ternary "KUBEDOOR_PROMETHEUS_PASSWORD" "KUBEDOOR_PROMETHEUS_TOKEN" (ne .user "") }}
  secret: {{ .existingSecret }}
  key: {{ ternary "password" "token" (ne .user "") }}
{{- end }}
{{- with .headersSecret }}
- { name: KUBEDOOR_PROMETHEUS_HEADERS, secret: {{ . }}, key: headers }
{{- end }}
{{- end }}
{{- end }}
{{- if has $component (list "webhook" "api") }}
{{- with include "kubedoor.addressSecret" $root }}
- { name: KUBEDOOR_MUTATE_SECRET, secret: {{ . }}, key: mutate-secret }
{{- end }}
{{- end }}
{{- if eq $component "api" }}
- { name: KUBEDOOR_JWT_SECRET, secret: {{ include "kubedoor.authSecret" $root }}, key: jwt-secret }
{{- if not $root.Values.auth.existingSecret }}
- { name: KUBEDOOR_PROXY_SECRET, secret: {{ include "kubedoor.authSecret" $root }}, key: proxy-secret }
{{- end }}
{{- if eq $root.Values.auth.mode "ldap" }}
{{- with $root.Values.auth.ldap.bindSecret }}
- { name: KUBEDOOR_LDAP_BIND_PASSWORD, secret: {{ . }}, key: bind-password }
{{- end }}
{{- end }}
{{- if $root.Values.grafana.upstream }}
- { name: KUBEDOOR_GRAFANA_KEY, secret: {{ include "kubedoor.grafanaKeySecret" $root }}, key: key.pem }
{{- end }}
{{- with $root.Values.api.notifySecret }}
- { name: KUBEDOOR_NOTIFY_URLS, secret: {{ . }}, key: notify-urls }
{{- end }}
{{- with $root.Values.api.filesSecret }}
- { name: KUBEDOOR_FILES_ACCESS_KEY_ID, secret: {{ . }}, key: access-key-id }
- { name: KUBEDOOR_FILES_SECRET_ACCESS_KEY, secret: {{ . }}, key: secret-access-key }
{{- end }}
{{- with $root.Values.api.ai.keySecret }}
- { name: KUBEDOOR_AI_KEY, secret: {{ . }}, key: ai-key }
{{- end }}
{{- end }}
{{- end -}}

{{/* kubedoor.secretName "KUBEDOOR_JWT_SECRET": what its volume and folder are called. */}}
{{- define "kubedoor.secretName" -}}
{{- trimPrefix "KUBEDOOR_" . | lower | replace "_" "-" -}}
{{- end -}}

{{- define "kubedoor.secretEnv" -}}
{{- range include "kubedoor.secrets" . | fromYamlArray }}
- name: {{ .name }}_FILE
  value: /etc/kubedoor/secrets/{{ include "kubedoor.secretName" .name }}/{{ .key }}
{{- end }}
{{- end -}}

{{- define "kubedoor.secretMounts" -}}
{{- range include "kubedoor.secrets" . | fromYamlArray }}
- { name: secret-{{ include "kubedoor.secretName" .name }}, mountPath: /etc/kubedoor/secrets/{{ include "kubedoor.secretName" .name }}, readOnly: true }
{{- end }}
{{- end -}}

{{- define "kubedoor.secretVolumes" -}}
{{- range include "kubedoor.secrets" . | fromYamlArray }}
- name: secret-{{ include "kubedoor.secretName" .name }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    items:
      - { key: {{ .key }}, path: {{ .key }} }
{{- end }}
{{- end -}}
