// The commands by which a cluster is added, from what is typed. Pure.
export interface NewCluster {
  env: string
  clickhouse: string
  prometheus: string
  /** Namespace of KubeDoor, the same in every cluster. */
  namespace: string
}

/** What of a shell's word is left as it is. */
const PLAIN = /^[\w./:=,@%+-]+$/
const quoted = (text: string) => (PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** In the new cluster: collector and webhook, and the account that the api uses. */
export function installCommand({ env, clickhouse, prometheus, namespace }: NewCluster): string {
  const values = [
    `env=${env}`,
    'api.enabled=false',
    'console.enabled=false',
    'api.remoteAccount=true',
    'clickhouse.mode=external',
    `clickhouse.url=${clickhouse}`,
    'clickhouse.existingSecret=kubedoor-clickhouse',
    `prometheus.url=${prometheus}`,
  ]
  const lines = values.map((value) => `  --set ${quoted(value)}`)
  return [
    `kubectl create namespace ${namespace}`,
    `kubectl -n ${namespace} create secret generic kubedoor-clickhouse --from-file=clickhouse-password`,
    [`helm install kubedoor deploy/helm/kubedoor --namespace ${namespace}`, ...lines].join(' \\\n'),
  ].join('\n')
}

/** In the new cluster: its kubeconfig and the webhook's authority, as files. */
export function kubeconfigCommand({ env, namespace }: NewCluster): string {
  const file = quoted(`${env}.kubeconfig`)
  const secret = (name: string, key: string) =>
    `kubectl -n ${namespace} get secret ${name} -o jsonpath='{.data.${key}}' | base64 -d`
  const config = `kubectl config --kubeconfig=${file}`
  return [
    `${secret('kubedoor-api-token', 'ca\\.crt')} > ca.crt`,
    `SERVER=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')`,
    `${config} set-cluster c --server="$SERVER" --certificate-authority=ca.crt --embed-certs=true`,
    `${config} set-credentials api --token="$(${secret('kubedoor-api-token', 'token')})"`,
    `${config} set-context c --cluster=c --user=api`,
    `${config} use-context c`,
    `${secret('kubedoor-webhook-tls', 'ca\\.crt')} > ${quoted(`${env}.crt`)}`,
  ].join('\n')
}

/** What clusters.yaml has of it. */
export function fileLines({ env, prometheus }: NewCluster): string {
  const folder = '/etc/kubedoor/clusters'
  return [
    `${JSON.stringify(env)}:`,
    `  kubeconfig: ${JSON.stringify(`${folder}/${env}.kubeconfig`)}`,
    `  webhook_ca_file: ${JSON.stringify(`${folder}/${env}.crt`)}`,
    `  prometheus: { url: ${JSON.stringify(prometheus)} }`,
  ].join('\n')
}

/** In the cluster of the api: the Secret anew, with everything that it had. */
export function secretCommand({ env, namespace }: NewCluster): string {
  const from = [`${env}.kubeconfig`, `${env}.crt`].map((file) => `--from-file=${quoted(file)}`)
  return [
    `kubectl -n ${namespace} get secret clusters -o jsonpath='{.data.clusters\\.yaml}' | base64 -d > clusters.yaml`,
    `$EDITOR clusters.yaml   # add the lines above`,
    `kubectl -n ${namespace} create secret generic new-clusters --from-file=clusters.yaml ${from.join(' ')} \\`,
    `  --dry-run=client -o json | jq '{data}' > patch.json`,
    `kubectl -n ${namespace} patch secret clusters --patch-file patch.json`,
  ].join('\n')
}
