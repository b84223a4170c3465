// Addresses of dashboards.
import { expect, it } from 'vitest'
import { dashboardUrl, isEmbeddable } from '@/features/grafana/address'

const subject = { env: 'prod east', namespace: 'orders', name: 'a&b' }

it('names the cluster only, of the whole', () =>
  expect(dashboardUrl('/grafana/', 'cluster', subject, 'dark')).toBe(
    '/grafana/d/kubedoor-cluster/?var-env=prod+east&kiosk=1&theme=dark',
  ))

it('names the service, escaped, on another site', () =>
  expect(dashboardUrl('https://grafana.example', 'pods', subject)).toBe(
    'https://grafana.example/d/kubedoor-pods/?var-env=prod+east&var-namespace=orders&var-service=a%26b',
  ))

it('embeds only what is behind the same sign-in', () => {
  expect(isEmbeddable('/grafana/')).toBe(true)
  expect(isEmbeddable('https://grafana.example/')).toBe(false)
})
