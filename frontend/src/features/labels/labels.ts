// The labels of a service, as far as the console has columns and groups for them. Pure.

export interface Labels {
  /** The team that owns it; empty where no label says so. */
  owner: string
  /** By key. */
  labels: Readonly<Record<string, string>>
}

export const NO_LABELS: Labels = { owner: '', labels: {} }
