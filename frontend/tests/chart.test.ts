// Charts: a gap is a gap, every mark and day that doesn't count has its place.
import { expect, it } from 'vitest'
import { linesOf } from '@/features/service/lines'
import { restDays } from '@/features/settings/peakHours'
import { daysBefore, everyDay, valuesOn } from '@/ui/chart/days'
import { binaryStep, chartOption, resting, type Palette } from '@/ui/chart/options'

const colours = [
  'use',
  'hot',
  'request',
  'limit',
  'pods',
  'text',
  'line',
  'surface',
  'shade',
  'mark',
]
const palette = Object.fromEntries(colours.map((name) => [name, name])) as unknown as Palette

it('gives every calendar day its place, over ends of months and years', () => {
  expect(everyDay(['2025-12-30', '2026-01-02'])).toEqual([
    '2025-12-30',
    '2025-12-31',
    '2026-01-01',
    '2026-01-02',
  ])
  expect(everyDay([])).toEqual([])
  expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28')
})

it('leaves a gap where no day was collected', () => {
  const rows = [
    { date: '2026-01-01', value: 5 },
    { date: '2026-01-03', value: 0 },
  ]
  const days = everyDay(rows.map(({ date }) => date))
  expect(valuesOn(days, rows, ({ value }) => value)).toEqual([5, null, 0])
})

it('shades the weekdays that do not count, whichever they are', () => {
  const days = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']
  expect(resting(days, restDays('10:00-11:30 mon-fri'))).toEqual([null, 1, 1, null])
  expect(resting(days, restDays('10:00-11:30 sun-thu'))).toEqual([1, 1, null, null])
  expect(resting(days, restDays('10:00-11:30 mon-fri; 20:00-22:00 sat'))).toEqual([
    null,
    null,
    1,
    null,
  ])
})

it('shades nothing where every day counts, or where that is not known, nor a moment', () => {
  const days = ['2026-11-21', '2026-11-22']
  expect(resting(days, restDays('10:00-11:30'))).toEqual([null, null])
  expect(resting(days, restDays('whenever'))).toEqual([null, null])
  expect(resting(['2026-11-21T10:00:00Z'], [6])).toEqual([null])
})

it('draws use solid, request dashed, limit dotted, pods as steps, and joins no gap', () => {
  const kinds = ['use', 'request', 'limit', 'pods'] as const
  const lines = kinds.map((kind) => ({ name: kind, kind, values: [1, null, 2] }))
  const times = ['2026-11-20', '2026-11-21', '2026-11-22']
  const marks = [
    { time: '2026-11-21', text: 'seen' },
    { time: '2020-01-01', text: 'outside' },
  ]
  const format = (value: number) => String(value)
  const option = chartOption({ times, lines, marks, format, formatTime: String, rest: [] }, palette)
  const [, ...series] = option['series'] as Record<string, unknown>[]
  expect(series.map((one) => [(one['lineStyle'] as { type: string }).type, one['step']])).toEqual([
    ['solid', false],
    ['dashed', false],
    ['dotted', false],
    ['solid', 'middle'],
  ])
  expect(series.every((one) => one['connectNulls'] === false)).toBe(true)
  expect(series[0]?.['markLine']).toMatchObject({ data: [{ name: 'seen', xAxis: '2026-11-21' }] })
})

it('has a line per figure of a container', () => {
  const words = { used: 'P95', hot: 'Hot', request: 'Request', limit: 'Limit', pods: 'Pods' }
  expect(linesOf('cpu', [], [], words).map(({ name }) => name)).toEqual([
    'P95',
    'Hot',
    'Request',
    'Limit',
  ])
  expect(linesOf('pods', [], [], words).map(({ kind }) => kind)).toEqual(['pods'])
})

it.each([
  [3000, undefined],
  [10_240, 5 * 1024],
  [1_000_000, 500 * 1024],
  [100_000, 50 * 1024],
])('counts an axis up to %i MiB in round GiB', (largest, step) =>
  expect(binaryStep(largest)).toBe(step),
)

it('ends an axis of memory on one of its steps', () => {
  const lines = [{ name: 'a', kind: 'use' as const, values: [100_000] }]
  const input = {
    times: ['2026-11-20'],
    lines,
    marks: [],
    format: String,
    formatTime: String,
    rest: [],
    binary: true,
  }
  const { yAxis } = chartOption(input, palette) as { yAxis: { interval: number; max: number }[] }
  expect(yAxis[0]).toMatchObject({ interval: 51_200, max: 102_400 })
})

it('leaves the wheel to the page: nothing zooms but dragging', () => {
  const option = chartOption(
    { times: [], lines: [], marks: [], rest: [], format: String, formatTime: String },
    palette,
  )
  expect(option['dataZoom']).toBeUndefined()
  expect(option['toolbox']).toMatchObject({ feature: { dataZoom: { yAxisIndex: 'none' } } })
})
