// Rules of events, as the API writes them and as people edit them. Pure.
export const TEXTS = ['reason', 'kind', 'namespace', 'name'] as const

export interface EventRule {
  type: string
  reason: string
  kind: string
  namespace: string
  name: string
  count: string
  minutes: string
  mention: string
}

export const NO_RULE: EventRule = {
  type: 'Warning',
  reason: '',
  kind: '',
  namespace: '',
  name: '',
  count: '',
  minutes: '',
  mention: '',
}
const WORDS = new Map<string, keyof EventRule>([
  ['type', 'type'],
  ...TEXTS.map((name) => [name, name] as const),
  ['count', 'count'],
  ['in', 'minutes'],
])
const MENTION = /(?:^|\s)mention=(.*)$/
const MINUTES = /^\d+m$/

/** The rules of a text; null where it has something that has no field. */
export function readEventRules(text: string): EventRule[] | null {
  const rules: EventRule[] = []
  for (const part of text.split(';').map((one) => one.trim())) {
    if (part === '') continue
    const rule = { ...NO_RULE, type: '', mention: MENTION.exec(part)?.[1]?.trim() ?? '' }
    for (const word of part.replace(MENTION, '').split(/\s+/).filter(Boolean)) {
      const at = word.indexOf('=')
      const field = WORDS.get(word.slice(0, at))
      const value = word.slice(at + 1)
      if (field === undefined || value === '' || (field === 'minutes' && !MINUTES.test(value)))
        return null
      rule[field] = field === 'minutes' ? value.slice(0, -1) : value
    }
    rules.push(rule)
  }
  return rules
}

/** What separates words and rules can't stand within one. */
const clean = (value: string) => value.replace(/[\s;]/g, '')

function writeRule({ mention, ...rule }: EventRule): string {
  const words = [...WORDS].map(([word, field]) => {
    const value = clean(rule[field as keyof typeof rule])
    return value === '' ? '' : `${word}=${value}${field === 'minutes' ? 'm' : ''}`
  })
  const told = mention.replace(/;/g, '').trim()
  return [...words, told && `mention=${told}`].filter(Boolean).join(' ')
}

export const writeEventRules = (rules: readonly EventRule[]) =>
  rules.map(writeRule).filter(Boolean).join('; ')
