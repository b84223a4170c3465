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
