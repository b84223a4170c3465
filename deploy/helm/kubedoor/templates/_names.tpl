{{/* Names and labels. */}}
{{- define "kubedoor.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "kubedoor.fullname" -}}
{{- $name := include "kubedoor.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* kubedoor.selector (list $ "api"): what a component's pods are found by; never changes. */}}
{{- define "kubedoor.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "kubedoor.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "kubedoor.labels" -}}
{{- $root := index . 0 -}}
{{ include "kubedoor.selector" . }}
app.kubernetes.io/part-of: kubedoor
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* kubedoor.mirrored (list $ "docker.io/a/b:1"): an image, from `imageRegistry` where that is set. */}}
{{- define "kubedoor.mirrored" -}}
{{- $registry := (index . 0).Values.imageRegistry | trimSuffix "/" -}}
{{- $first := splitList "/" (index . 1) | first -}}
{{- if not $registry -}}
{{ index . 1 }}
{{- else if regexMatch "[.:]|^localhost$" $first -}}
{{ printf "%s/%s" $registry (trimPrefix (printf "%s/" $first) (index . 1)) }}
{{- else -}}
{{ printf "%s/%s" $registry (index . 1) }}
{{- end -}}
{{- end -}}

{{/* kubedoor.image (list $ "api"): the image of one of ours, by its digest too where that is given. */}}
{{- define "kubedoor.image" -}}
{{- $root := index . 0 -}}
{{- $name := printf "%s/kubedoor-%s:%s" $root.Values.image.registry (index . 1) (default $root.Chart.AppVersion $root.Values.image.tag) -}}
{{- with index $root.Values.image.digests (index . 1) -}}
{{- $name = printf "%s@%s" $name . -}}
{{- end -}}
{{ include "kubedoor.mirrored" (list $root $name) }}
{{- end -}}

{{- define "kubedoor.clickhouseSecret" -}}
{{- default (printf "%s-clickhouse" (include "kubedoor.fullname" .)) .Values.clickhouse.existingSecret -}}
{{- end -}}

{{- define "kubedoor.clickhouseSecretKey" -}}
{{- ternary .Values.clickhouse.existingSecretKey "clickhouse-password" (ne .Values.clickhouse.existingSecret "") -}}
{{- end -}}

{{- define "kubedoor.authSecret" -}}
{{- default (printf "%s-auth" (include "kubedoor.fullname" .)) .Values.auth.existingSecret -}}
{{- end -}}

{{/* Whether an api governs this cluster by an account of this release: ours, or with its token another cluster's. */}}
{{- define "kubedoor.apiRights" -}}
{{- with .Values.api }}
{{- if or .remoteAccount (and .enabled (or .ownCluster (not .clustersSecret))) }}yes{{ end }}
{{- end -}}
{{- end -}}

{{/* The groups of actions on pods that are on, separated by commas, as KUBEDOOR_POD_ACTIONS takes them. */}}
{{- define "kubedoor.podActions" -}}
{{- $on := list }}
{{- with .Values.podActions }}
{{- if .logs }}{{ $on = append $on "logs" }}{{ end }}
{{- if .delete }}{{ $on = append $on "delete" }}{{ end }}
{{- if .isolate }}{{ $on = append $on "isolate" }}{{ end }}
{{- if .diagnose }}{{ $on = append $on "diagnose" }}{{ end }}
{{- if .toolbox }}{{ $on = append $on "toolbox" }}{{ end }}
{{- if .exec }}{{ $on = append $on "exec" }}{{ end }}
{{- end -}}
{{- join "," $on -}}
{{- end -}}

{{/* Where the console finds Grafana; empty where there is none. */}}
{{- define "kubedoor.grafanaUrl" -}}
{{- ternary "/grafana/" .Values.grafana.url (ne .Values.grafana.upstream "") -}}
{{- end -}}

{{- define "kubedoor.grafanaKeySecret" -}}
{{- default (printf "%s-grafana-key" (include "kubedoor.fullname" .)) .Values.grafana.keySecret -}}
{{- end -}}

{{- define "kubedoor.grafanaNamespace" -}}
{{- default .Release.Namespace .Values.grafana.namespace -}}
{{- end -}}

{{/* What is made in another namespace bears the release's, so that two releases don't meet. */}}
{{- define "kubedoor.grafanaPrefix" -}}
{{- $name := include "kubedoor.fullname" . -}}
{{- ternary $name (printf "%s-%s" .Release.Namespace $name | trunc 50) (eq (include "kubedoor.grafanaNamespace" .) .Release.Namespace) -}}
{{- end -}}

{{/* Whether the bundled ClickHouse has a user for Grafana. */}}
{{- define "kubedoor.grafanaReader" -}}
{{- if and .Values.grafana.provision (eq .Values.clickhouse.mode "bundled") }}yes{{ end -}}
{{- end -}}

{{- define "kubedoor.webhookSecret" -}}
{{- default (printf "%s-webhook-tls" (include "kubedoor.fullname" .)) .Values.webhook.certificate.secretName -}}
{{- end -}}

{{/* Where the secret of the webhook's address is; empty: the address has none, since the api is not of this release. */}}
{{- define "kubedoor.addressSecret" -}}
{{- if .Values.webhook.addressSecret -}}
{{ .Values.webhook.addressSecret }}
{{- else if and .Values.webhook.enabled .Values.api.enabled -}}
{{ include "kubedoor.fullname" . }}-webhook-address
{{- end -}}
{{- end -}}

{{- define "kubedoor.webhookPriorityClass" -}}
{{- if .Values.webhook.priorityClass.create -}}
{{ .Release.Namespace }}-{{ include "kubedoor.fullname" . }}-webhook
{{- else -}}
{{ .Values.webhook.priorityClass.name }}
{{- end -}}
{{- end -}}

{{/*
kubedoor.complete $: fills in what the values do not have. `helm upgrade --reuse-values` takes an older chart's values
instead of this one's, and a render must not fail for a group that came later. What a user has taken out of a group
with `null` stays out where the group is free (resources, labels, ...) or may be unset (security contexts). Each file
asks for it, as Helm promises no order. All files of a render have the same $: the first that asks does it for all.
*/}}
{{- define "kubedoor.complete" -}}
{{- if not (hasKey . "Completed") -}}
{{- include "kubedoor.fill" (list .Values (.Files.Get "files/values.yaml" | fromYaml)) -}}
{{- $_ := set . "Completed" true -}}
{{- end -}}
{{- end -}}

{{- define "kubedoor.fill" -}}
{{- $values := index . 0 -}}
{{- range $key, $default := index . 1 -}}
{{- $free := or (has $key (list "resources" "nodeSelector" "roles" "labels" "annotations" "issuerRef" "affinity" "settings")) (regexMatch "(Labels|Annotations|SecurityContext)$" $key) -}}
{{- if not (hasKey $values $key) -}}
{{- if not (hasSuffix "SecurityContext" $key) -}}
{{- $_ := set $values $key $default -}}
{{- end -}}
{{- else if and (kindIs "map" $default) (kindIs "map" (index $values $key)) (not $free) -}}
{{- include "kubedoor.fill" (list (index $values $key) $default) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
kubedoor.regex (list "namespaces" ".*"): fails where a regular expression is none. Go's are RE2, as the services' are: with
an empty alternative a good one matches the empty text.
*/}}
{{- define "kubedoor.regex" -}}
{{- if not (regexMatch (printf "%s|" (index . 1)) "") -}}
{{- fail (printf "%s: %q is not a regular expression (RE2)" (index . 0) (index . 1)) -}}
{{- end -}}
{{- end -}}

{{/*
kubedoor.alone (list $ CLUSTERROLES): fails where another release governs this cluster by an api of its own: there is one
webhook configuration, and each api would write its own address into it.
*/}}
{{- define "kubedoor.alone" -}}
{{- $root := index . 0 -}}
{{- $own := printf "%s-%s-api" $root.Release.Namespace (include "kubedoor.fullname" $root) -}}
{{- range $role := index . 1 -}}
{{- $labels := default dict $role.metadata.labels -}}
{{- if and (eq (default "" (index $labels "app.kubernetes.io/part-of")) "kubedoor") (eq (default "" (index $labels "app.kubernetes.io/component")) "api") (ne $role.metadata.name $own) (not (hasPrefix (printf "%s-" $own) $role.metadata.name)) -}}
{{- fail (printf "another release of KubeDoor governs this cluster (its ClusterRole is %s), and both would write one webhook configuration: uninstall it, or set api.enabled=false here" $role.metadata.name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
