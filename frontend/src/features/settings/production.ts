// Which namespaces are production: there an action wants the number of its services typed. Pure.
/** Whether a namespace matches as a whole; also where the pattern is not known or can't be read. */
export function isProduction(pattern: unknown, namespace: string): boolean {
  if (typeof pattern !== 'string') return true
  try {
    return new RegExp(`^(?:${pattern})$`).test(namespace)
  } catch {
    return true
  }
}
