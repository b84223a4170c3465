// Where a dashboard of Grafana is. Pure.
export const DASHBOARDS = ['cluster', 'service', 'pods'] as const
export type Dashboard = (typeof DASHBOARDS)[number]

export interface Subject {
  env: string
  namespace: string
  name: string
}

/** Grafana behind the console's own sign-in may be embedded; another site may only be linked to. */
export const isEmbeddable = (url: string) => url.startsWith('/')

/** @param theme given, the dashboard comes without Grafana's own frame. */
export function dashboardUrl(
  base: string,
  dashboard: Dashboard,
  { env, namespace, name }: Subject,
  theme?: 'light' | 'dark',
): string {
  const query = new URLSearchParams({ 'var-env': env })
  if (dashboard !== 'cluster') {
    query.set('var-namespace', namespace)
    query.set('var-service', name)
  }
  if (theme) {
    query.set('kiosk', '1')
    query.set('theme', theme)
  }
  return `${base.replace(/\/*$/, '/')}d/kubedoor-${dashboard}/?${query.toString()}`
}
