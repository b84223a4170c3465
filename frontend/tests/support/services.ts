// Services as the API tells of them, made from a few numbers.
import type { Container, Service, ServiceFlag } from '@/api/types'

export const NONE = {
  request_cpu_m: null,
  limit_cpu_m: null,
  request_mem_mib: null,
  limit_mem_mib: null,
}

export function container(
  name: string,
  used: number | null,
  request: number | null,
  limit: number | null,
): Container {
  const values = { ...NONE, request_cpu_m: request, limit_cpu_m: limit }
  const peak = {
    ...values,
    p95_cpu_m: used,
    p95_cpu_hot_m: used,
    p95_mem_mib: null,
    p95_mem_hot_mib: null,
    max_mem_mib: null,
    cpu_pct: null,
    mem_pct: null,
    oom_kills: null,
    throttled_pct: null,
    coverage: 1,
    owner_source: null,
  }
  return { name, effective: values, expert: NONE, derived: values, peak }
}

export function service(
  name: string,
  pods: number | null,
  containers: Container[],
  flags: ServiceFlag[] = [],
): Service {
  const at = '2026-11-20T10:00:00.000Z'
  return {
    env: 'e',
    namespace: name.startsWith('pay') ? 'payments' : 'orders',
    kind: 'Deployment',
    name,
    version: '0',
    updated_at: at,
    updated_by: '',
    replicas: {
      effective: pods,
      source: null,
      manual: null,
      ai: null,
      observed: pods,
      initial: null,
      advice_id: '',
    },
    replicas_policy: 'as_found',
    autoscaled: false,
    autoscaler: null,
    mode: null,
    note: '',
    flags,
    containers,
    peak: { date: '2026-11-20', pod_count: pods, window_start: at, window_end: at },
    provenance: {
      peak_date_cpu: null,
      peak_date_mem: null,
      peak_pods_cpu: null,
      peak_pods_mem: null,
      coverage_cpu: null,
      coverage_mem: null,
      window_cpu: '',
      window_mem: '',
      first_seen: null,
      last_seen: null,
      request_rule: '',
      memory_rule: '',
      runner_up_dates_cpu: [],
      runner_up_dates_mem: [],
      hpa_cpu_pct: null,
      hpa_mem_pct: null,
      hpa_left: false,
      rule_exception: '',
      lookback_days: null,
      margin_pct: null,
      memory_margin_pct: null,
      own_peak_hour: null,
      own_peak_cpu_m: null,
    },
    traffic: null,
    jvm: null,
    score: null,
    unknown: { traffic: 'no_source', jvm: 'no_source', score: 'not_scored' },
  }
}
