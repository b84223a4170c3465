// kubectl commands: of the right kind, container and namespace, and no name can be more than a word.
import { expect, it } from 'vitest'
import { commandsOf } from '@/features/service/commands'
import { container, service } from './support/services'

const of = (name: string, names: string[]) =>
  commandsOf(
    service(
      name,
      2,
      names.map((one) => container(one, 1, 2, 3)),
    ),
  )

it('has the logs of each container first', () => {
  const texts = of('cart', ['app', 'envoy']).map(({ text }) => text)
  expect(texts.slice(0, 3)).toEqual([
    'kubectl -n orders logs deployment/cart -c app --tail=200 --timestamps',
    'kubectl -n orders logs deployment/cart -c app --previous --tail=200',
    'kubectl -n orders logs deployment/cart -c envoy --tail=200 --timestamps',
  ])
  expect(texts).toContain('kubectl -n orders rollout status deployment/cart')
})

it('names no container where only the first is known, and the kind that it is', () => {
  expect(of('cart', [''])[0]?.text).toBe(
    'kubectl -n orders logs deployment/cart --tail=200 --timestamps',
  )
  const stateful = commandsOf({ ...service('db', 1, []), kind: 'StatefulSet' })
  expect(stateful[0]?.text).toBe('kubectl -n orders get statefulset/db -o wide')
})

it('quotes what a shell would not take as one word', () => {
  expect(of("x'; rm -rf /", []).at(-1)?.text).toBe(
    `kubectl -n orders events --for 'deployment/x'\\''; rm -rf /'`,
  )
})
