// The kubectl commands that somebody types who looks into a service. Pure.
import type { Service } from '@/api/types'

export interface Command {
  /** What it is for; a key within `commands`. */
  key: 'get' | 'describe' | 'rollout' | 'logs' | 'previous' | 'events'
  container: string
  text: string
}

const PLAIN = /^[\w./:=,-]+$/

/** A word as a shell takes it whole. */
const quoted = (word: string) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

const written = (words: readonly string[]) => ['kubectl', ...words].map(quoted).join(' ')

/** The context is whoever's own: only they know what their cluster is called. */
export function commandsOf({ namespace, kind, name, containers }: Service): Command[] {
  const place = ['-n', namespace]
  const target = `${kind.toLowerCase()}/${name}`
  const command = (key: Command['key'], words: string[], container = ''): Command => ({
    key,
    container,
    text: written([...place, ...words]),
  })
  const logs = containers.flatMap(({ name: container }) => {
    const which = container === '' ? [] : ['-c', container]
    return [
      command('logs', ['logs', target, ...which, '--tail=200', '--timestamps'], container),
      command('previous', ['logs', target, ...which, '--previous', '--tail=200'], container),
    ]
  })
  return [
    ...logs,
    command('get', ['get', target, '-o', 'wide']),
    command('describe', ['describe', target]),
    command('rollout', ['rollout', 'status', target]),
    command('events', ['events', '--for', target]),
  ]
}
