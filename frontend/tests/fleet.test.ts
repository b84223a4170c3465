import { describe, expect, it } from 'vitest'
import { fileLines, installCommand, kubeconfigCommand } from '@/features/fleet/setup/commands'

const WEST = {
  env: 'west',
  namespace: 'kubedoor',
  clickhouse: 'https://ch.example.org:8443',
  prometheus: 'http://prometheus:9090',
}

describe('the commands by which a cluster is added', () => {
  it('install collector and webhook alone, with the account that the API uses', () => {
    const command = installCommand(WEST)
    for (const part of [
      'env=west',
      'api.enabled=false',
      'console.enabled=false',
      'api.remoteAccount=true',
    ])
      expect(command).toContain(`--set ${part}`)
  })

  it('quote what a shell would take apart', () => {
    expect(installCommand({ ...WEST, env: 'west 中文' })).toContain("--set 'env=west 中文'")
    expect(kubeconfigCommand({ ...WEST, env: 'a b' })).toContain("--kubeconfig='a b.kubeconfig'")
  })

  it('make lines of YAML that any name fits', () => {
    expect(fileLines({ ...WEST, env: '1.5' })).toContain(
      '"1.5":\n  kubeconfig: "/etc/kubedoor/clusters/1.5.kubeconfig"',
    )
  })
})
