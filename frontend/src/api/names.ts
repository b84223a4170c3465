// Names as Kubernetes takes them; the API's own patterns, which its refusals name.

/** A namespace: lower-case letters, digits and `-`. */
export const LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
/** A workload: the same, in parts with dots between them. */
export const SUBDOMAIN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'

/** What says in words which names a pattern takes; the key within `problem`. */
export const NAME_WORDS: Readonly<Record<string, string>> = {
  [LABEL]: 'field_name_label',
  [SUBDOMAIN]: 'field_name_subdomain',
}

export const fits = (name: string, pattern: string) => new RegExp(pattern).test(name)
