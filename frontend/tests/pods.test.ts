// Pods over time: the hottest as lines, the others as a band; use fills the axis.
import { expect, it } from 'vitest'
import { podLines, spreadOf } from '@/features/service/podLines'
import { chartOption, type Palette } from '@/ui/chart/options'
import { reachOf } from '@/ui/chart/reach'
import { container } from './support/services'

const words = { request: 'R', limit: 'L', middle: (n: number) => `mid ${n}`, band: 'band' }
const curves = (n: number) =>
  Array.from({ length: n }, (_, index) => ({
    pod: `p${index}`,
    container: 'app',
    cpu_m: [index, index === 0 ? null : index + 1],
    mem_mib: [null, null],
  }))
const asked = { container: container('app', 9, 100, 500), pod: '' }

it('draws a few pods as they are', () => {
  const lines = podLines('cpu', curves(6), 2, asked, words)
  expect(lines.map(({ kind }) => kind)).toEqual([
    ...Array<string>(6).fill('pod'),
    'request',
    'limit',
  ])
})

it('draws the hottest of many, and what the others do together', () => {
  const lines = podLines('cpu', curves(262), 2, asked, words)
  expect(lines.map(({ name }) => name)).toEqual([
    ...['p261', 'p260', 'p259', 'p258', 'p257'],
    ...['mid 257', 'band', 'R', 'L'],
  ])
  expect(lines[5]?.values).toEqual([128, 129])
  expect([lines[6]?.floor, lines[6]?.values]).toEqual([
    [0, 2],
    [256, 257],
  ])
})

it('draws the one pod that is asked for, whatever is left of the others', () => {
  const one = podLines('cpu', curves(262), 2, { ...asked, pod: 'p3' }, words)
  expect(one[0]).toEqual({ name: 'p3', kind: 'use', values: [3, 4] })
  expect(podLines('cpu', curves(2), 2, { ...asked, pod: 'gone' }, words)).toHaveLength(4)
})

it('knows nothing where no pod has a value', () => {
  expect(spreadOf([[null], [null]], 1)).toEqual({ least: [null], middle: [null], largest: [null] })
})

const line = (kind: 'use' | 'request' | 'limit', values: (number | null)[]) => ({
  name: kind,
  kind,
  values,
})

it('tells at the edge what is far above use, and draws what is near', () => {
  const lines = [line('use', [10, 20]), line('request', [50, 50]), line('limit', [100, 200])]
  const { drawn, beyond, endsAt } = reachOf(lines)
  expect(drawn.map(({ kind }) => kind)).toEqual(['use', 'request'])
  expect(beyond).toEqual([{ name: 'limit', kind: 'limit', value: 200 }])
  expect(endsAt).toBeNull()
})

it('ends the axis where a line leaves it for a time', () => {
  const { drawn, beyond, endsAt } = reachOf([line('use', [10]), line('limit', [20, 400])])
  expect(drawn).toHaveLength(2)
  expect([beyond, endsAt]).toEqual([[], 30])
})

it('draws everything where no use is known', () => {
  expect(reachOf([line('use', [null]), line('limit', [400])]).drawn).toHaveLength(2)
})

it('stacks a band on its floor, and leaves both out of the tooltip', () => {
  const lines = podLines('cpu', curves(20), 2, asked, words)
  const input = {
    times: ['a', 'b'],
    lines,
    marks: [],
    rest: [],
    format: String,
    formatTime: String,
  }
  const { series } = chartOption(input, {} as Palette) as {
    series: { stack?: string; data: unknown; tooltip?: unknown }[]
  }
  const band = series.filter(({ stack }) => stack === 'band')
  expect(band.map(({ data }) => data)).toEqual([
    [0, 2],
    [14, 13],
  ])
  expect(band.every(({ tooltip }) => JSON.stringify(tooltip) === '{"show":false}')).toBe(true)
})
