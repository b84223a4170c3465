// What admission says, taken apart so that it can be said in the console's language. Pure.

export interface Said {
  /** Key of a message of `sentence`. */
  key: string
  named: Record<string, string>
}

const WHAT = /^(?:(?<container>.+?):? )?(?<resource>cpu|memory) (?<kind>request|limit)$/

/** A governed value: `replicas`, or `app: cpu request`; null for anything else. */
export function whatOf(what: string): Said | null {
  if (what === 'replicas') return { key: 'replicas', named: {} }
  const { container = '', resource, kind } = WHAT.exec(what)?.groups ?? {}
  return resource && kind ? { key: `${resource}_${kind}`, named: { container } } : null
}

/** Each kind of sentence; `named` are its parts. The first that fits counts. */
const SENTENCES: [key: string, pattern: RegExp][] = [
  [
    'wouldChange',
    /^would change (?<what>.+?) (?<before>\S+) -> (?<after>\S+)(?: \((?<why>.+)\))?$/,
  ],
  ['change', /^(?<what>.+?) (?<before>\S+) -> (?<after>\S+)(?: \((?<why>.+)\))?$/],
  ['wouldRefuse', /^would be refused: Deployment (?<name>\S+) is not registered in KubeDoor:/],
  ['refused', /^Deployment (?<name>\S+) is not registered in KubeDoor:/],
  ['wouldRefuseNameless', /^would be refused: A Deployment in (?<name>\S+) has no name yet/],
  ['refusedNameless', /^A Deployment in (?<name>\S+) has no name yet/],
  ['noCount', /^replicas left at (?<n>\d+): no count is known/],
  ['twice', /^(?<name>.+): named twice, its resources are left alone$/],
  [
    'together',
    /^resources are left alone: the containers' (?<what>cpu|memory) .* of (?<limit>\S+)$/,
  ],
  ['lowered', /^(?<what>.+ request) (?<before>\S+) is above the limit, lowered to (?<after>\S+)$/],
]

/** A sentence of admission; null for one that is not known here. */
export function saidBy(sentence: string): Said | null {
  for (const [key, pattern] of SENTENCES) {
    const groups = pattern.exec(sentence)?.groups
    if (groups) return { key, named: { ...groups } }
  }
  return null
}
