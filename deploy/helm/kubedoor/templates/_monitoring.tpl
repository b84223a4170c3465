{{/* Monitoring. */}}

{{/* kubedoor.ownRules $: the groups of rules about what this release has, as YAML. */}}
{{- define "kubedoor.ownRules" -}}
{{- $text := .Files.Get "files/rules/kubedoor.yaml" | replace "RELEASE_NAMESPACE" .Release.Namespace | replace "RELEASE_NAME" (include "kubedoor.fullname" .) | replace "FAILURE_POLICY" .Values.webhook.failurePolicy -}}
{{- $groups := list -}}
{{- range (fromYaml $text).groups -}}
{{- $part := trimPrefix "kubedoor-" .name -}}
{{- if or (eq $part "migrate") (index $.Values $part).enabled -}}
{{- $groups = append $groups . -}}
{{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{- define "kubedoor.storeUrl" -}}
http://{{ include "kubedoor.fullname" . }}-victoria-metrics.{{ .Release.Namespace }}.svc:8428
{{- end -}}

{{/* kubedoor.stackHead (list $ "vmagent" "apps/v1" "Deployment"): the head of an object of the monitoring stack. */}}
{{- define "kubedoor.stackHead" -}}
{{- $root := index . 0 -}}
apiVersion: {{ index . 2 }}
kind: {{ index . 3 }}
metadata:
  name: {{ include "kubedoor.fullname" $root }}-{{ index . 1 }}
  namespace: {{ $root.Release.Namespace }}
  labels:
    {{- include "kubedoor.labels" . | nindent 4 }}
{{- end -}}

{{/* kubedoor.stackService (list $ "vmalert" 8880): the Service of a part of the stack. */}}
{{- define "kubedoor.stackService" -}}
{{- $root := index . 0 -}}
{{ include "kubedoor.stackHead" (list $root (index . 1) "v1" "Service") }}
spec:
  {{- with include "kubedoor.ipFamilies" $root | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  selector:
    {{- include "kubedoor.selector" . | nindent 4 }}
  ports:
    - { name: main, port: {{ index . 2 }}, targetPort: main }
{{- end -}}

{{/*
kubedoor.stackPod (dict "root" $ "component" "vmagent" "args" (list) "port" 8429 "alive" "/health" "ready" "/health"
"mounts" (list) "volumes" (list)): the template of the pods of a part of the stack, one container as nobody.
*/}}
{{- define "kubedoor.stackPod" -}}
{{- $id := list .root .component -}}
metadata:
  {{- include "kubedoor.podMetadata" (append $id (dict "checksum/configuration" (default "" .checksum))) | nindent 2 }}
spec:
  {{- include "kubedoor.pod" (append $id 65534) | nindent 2 }}
  terminationGracePeriodSeconds: 60
  containers:
    - name: {{ .component }}
      image: {{ include "kubedoor.mirrored" (list .root (include "kubedoor.ownValues" $id | fromYaml).image) }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args:
        {{- range .args }}
        - {{ . | quote }}
        {{- end }}
      {{- with include "kubedoor.extra" (append $id "extraEnv") }}
      env:
        {{- . | nindent 8 }}
      {{- end }}
      ports:
        - name: main
          containerPort: {{ .port }}
      startupProbe:
        httpGet: { path: {{ .alive }}, port: main }
        periodSeconds: 2
        failureThreshold: 150
      livenessProbe:
        httpGet: { path: {{ .alive }}, port: main }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: {{ .ready }}, port: main }
        periodSeconds: 5
        timeoutSeconds: 5
      {{- include "kubedoor.container" $id | nindent 6 }}
      volumeMounts:
        {{- with include "kubedoor.extra" (append $id "extraVolumeMounts") }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- toYaml (append .mounts (dict "name" "tmp" "mountPath" "/tmp")) | nindent 8 }}
  volumes:
    {{- with include "kubedoor.extra" (append $id "extraVolumes") }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- toYaml (append .volumes (dict "name" "tmp" "emptyDir" (dict "sizeLimit" (default "64Mi" .tmp)))) | nindent 4 }}
{{- end -}}

{{/* kubedoor.stackClaim (dict "storage" "1Gi" "storageClass" ""): the volume of a StatefulSet of the stack. */}}
{{- define "kubedoor.stackClaim" -}}
volumeClaimTemplates:
  - metadata:
      name: data
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .storage }}
{{- end -}}

{{/* kubedoor.alertmanagerConfig $: alerts of each env go to that env; those that name none, to this one. */}}
{{- define "kubedoor.alertmanagerConfig" -}}
route:
  receiver: {{ printf "kubedoor-%s" .Values.env | quote }}
  group_by: [alertname, namespace]
  group_wait: 15s
  group_interval: 1m
  repeat_interval: 12h
  {{- with without .Values.monitoring.alertmanager.envs .Values.env }}
  routes:
    {{- range . }}
    - receiver: {{ printf "kubedoor-%s" . | quote }}
      matchers: [{{ printf "env=%s" (toJson .) | quote }}]
    {{- end }}
  {{- end }}
receivers:
  {{- range prepend (without .Values.monitoring.alertmanager.envs .Values.env) .Values.env }}
  {{- include "kubedoor.alertReceiver" (list $ .) | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* kubedoor.alertReceiver (list $ "prod"): who takes an env's alerts. */}}
{{- define "kubedoor.alertReceiver" -}}
{{- $root := index . 0 -}}
- name: {{ printf "kubedoor-%s" (index . 1) | quote }}
  {{- if $root.Values.monitoring.alertmanager.tokenSecret }}
  webhook_configs:
    - url: http://{{ include "kubedoor.fullname" $root }}-console.{{ $root.Release.Namespace }}.svc:{{ $root.Values.console.service.port }}/api/v1/envs/{{ index . 1 | urlquery }}/alerts/alertmanager
      send_resolved: true
      max_alerts: 0
      http_config: { authorization: { credentials_file: /etc/alertmanager-token/token } }
  {{- end }}
{{- end -}}

{{/* kubedoor.stackAccount (list $ "vmagent"): its account, and the head of a role that is its; rules follow. */}}
{{- define "kubedoor.stackAccount" -}}
{{ include "kubedoor.stackHead" (list (index . 0) (index . 1) "v1" "ServiceAccount") }}
automountServiceAccountToken: false # each pod says for itself
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ (index . 0).Release.Namespace }}-{{ include "kubedoor.fullname" (index . 0) }}-{{ index . 1 }}
  labels:
    {{- include "kubedoor.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ (index . 0).Release.Namespace }}-{{ include "kubedoor.fullname" (index . 0) }}-{{ index . 1 }}
subjects:
  - kind: ServiceAccount
    name: {{ include "kubedoor.account" . }}
    namespace: {{ (index . 0).Release.Namespace }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ (index . 0).Release.Namespace }}-{{ include "kubedoor.fullname" (index . 0) }}-{{ index . 1 }}
  labels:
    {{- include "kubedoor.labels" . | nindent 4 }}
{{- end -}}
