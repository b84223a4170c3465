// From figures over days to an ECharts option: the same marks and colours as the bullet bar. Pure.
import type { EChartsCoreOption } from 'echarts/core'

/**
 * How a line is drawn: use solid, request dashed, limit dotted, pods as steps; `pod` is one of many,
 * `middle` stands for many, and `band` is the room between what they use least and most.
 */
type LineKind = 'use' | 'hot' | 'request' | 'limit' | 'pods' | 'pod' | 'middle' | 'band'

export interface Line {
  name: string
  kind: LineKind
  /** One value per entry of `times`; null is a gap. */
  values: (number | null)[]
  /** Of a band: where it begins. */
  floor?: (number | null)[]
}

export interface Mark {
  time: string
  text: string
  /** Something that happened, rather than was changed: drawn at the foot of the axis. */
  event?: boolean
}

export interface ChartInput {
  /** Local dates, or ISO times, in order. */
  times: string[]
  lines: Line[]
  marks: Mark[]
  /** A value in words; `unitOf` is the largest of the axis, whose unit they all have. */
  format: (value: number, unitOf?: number) => string
  /** The values are MiB: the axis then counts in steps that are round in GiB. */
  binary?: boolean
  /** Values below one count: the axis may have steps of less. */
  fine?: boolean
  formatTime: (time: string) => string
  /** Weekdays that don't count, shaded; 0 is Sunday. */
  rest: readonly number[]
  /** The end of the axis, where a line leaves it. */
  endsAt?: number | null
}

/** The CSS colours that a chart takes from the theme. */
export interface Palette {
  use: string
  hot: string
  request: string
  limit: string
  pods: string
  text: string
  line: string
  surface: string
  shade: string
  mark: string
}

/** Room for the labels of the y axis: the same for all charts, so that their days stand in line. */
const LABELS_PX = 84

const DASH: Record<LineKind, string | number[]> = {
  use: 'solid',
  hot: [2, 2],
  request: 'dashed',
  limit: 'dotted',
  pods: 'solid',
  pod: 'solid',
  middle: 'solid',
  band: 'solid',
}

const DATE_LENGTH = '2026-01-31'.length

/** 1 on the weekdays that don't count, else nothing; moments within a day are not told apart. */
export function resting(times: readonly string[], rest: readonly number[]): (number | null)[] {
  const dayOf = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay()
  const rests = (time: string) => time.length === DATE_LENGTH && rest.includes(dayOf(time))
  return times.map((time) => (rests(time) ? 1 : null))
}

/** Pods differ in colour as far as colours go (readable for colour-blind people), then begin again. */
const PODS = [
  '#3a6fc4',
  '#d18b00',
  '#0f9d7a',
  '#c2588f',
  '#4fa8dc',
  '#cc5a1e',
  '#8a7fd4',
  '#7d8794',
]
const MANY = 6

const colourOf = (kind: LineKind, palette: Palette, index: number) => {
  if (kind === 'pod') return PODS[index % PODS.length] ?? palette.use
  return kind === 'middle' || kind === 'band' ? palette.text : palette[kind]
}

/** A band is two areas, one on the other: what lies below it is not seen. */
function bandSeries({ name, values, floor = [] }: Line, palette: Palette): object[] {
  const area = {
    type: 'line',
    stack: name,
    symbol: 'none',
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
    color: palette.text,
  }
  const over = values.map((value, index) => {
    const from = floor[index] ?? null
    return value === null || from === null ? null : value - from
  })
  return [
    { ...area, data: floor },
    { ...area, name, data: over, areaStyle: { opacity: 0.16 } },
  ]
}

function seriesOf(line: Line, palette: Palette, index: number) {
  const colour = colourOf(line.kind, palette, index)
  const single = line.values.filter((value) => value !== null).length < 2
  return {
    name: line.name,
    type: 'line',
    data: line.values,
    step: line.kind === 'pods' ? 'middle' : false,
    connectNulls: false,
    showSymbol: single,
    symbolSize: 5,
    lineStyle: { type: DASH[line.kind], width: line.kind === 'use' ? 2 : 1.5 },
    areaStyle: line.kind === 'use' ? { opacity: 0.12 } : undefined,
    itemStyle: { color: colour },
    color: colour,
    sampling: 'max',
  }
}

/** Days that don't count as a shade behind the lines, on an axis of its own. */
function restSeries({ times, rest }: ChartInput, palette: Palette) {
  return {
    type: 'bar',
    data: resting(times, rest),
    yAxisIndex: 1,
    barWidth: '100%',
    silent: true,
    itemStyle: { color: palette.shade },
    tooltip: { show: false },
  }
}

/** What happened, as pins on the first line's axis. */
function markLineOf(input: ChartInput, palette: Palette) {
  return {
    symbol: ['none', 'pin'],
    symbolSize: 12,
    lineStyle: { color: palette.mark, type: 'solid', width: 1 },
    itemStyle: { color: palette.mark },
    label: { show: false },
    tooltip: { formatter: ({ name }: { name: string }) => name, trigger: 'item' },
    data: input.marks
      .filter((mark) => input.times.includes(mark.time))
      .map(({ text, time, event }) => ({
        name: text,
        xAxis: time,
        event: event ?? false,
        ...(event && {
          symbol: ['circle', 'none'],
          symbolSize: 9,
          lineStyle: { color: palette.hot, type: 'dotted', width: 1 },
          itemStyle: { color: palette.hot },
        }),
      })),
  }
}

const STEPS = [1, 2, 5, 10]
const SPLITS = 4
const GIB_MIB = 1024

/** Steps of the axis that read as round numbers of GiB; undefined leaves them to ECharts. */
export function binaryStep(largest: number): number | undefined {
  const step = largest / GIB_MIB / SPLITS
  if (step < 1) return undefined
  const size = 10 ** Math.floor(Math.log10(step))
  return (STEPS.find((one) => one * size >= step) ?? 10) * size * GIB_MIB
}

/** The axis of memory: round steps, and an end on one of them. */
function binaryAxis(input: ChartInput) {
  const largest = input.endsAt ?? largestOf(input)
  const interval = input.binary ? binaryStep(largest) : undefined
  return interval ? { interval, max: Math.ceil(largest / interval) * interval } : {}
}

const largestOf = ({ lines }: ChartInput) =>
  lines.reduce(
    (most, { values }) => values.reduce<number>((max, value) => Math.max(max, value ?? 0), most),
    0,
  )

const ROWS_FROM = 5

/** What the legend takes; many lines may need a second row. */
function legendPx({ lines }: ChartInput): number {
  if (lines.length < 2) return 10
  return lines.length < ROWS_FROM ? 34 : 52
}

export function chartOption(input: ChartInput, palette: Palette): EChartsCoreOption {
  const axis = {
    axisLabel: { color: palette.text },
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
  }
  const lines = input.lines.flatMap<object>((line, index) =>
    line.kind === 'band'
      ? bandSeries(line, palette)
      : [
          {
            ...seriesOf(line, palette, index),
            ...(index === 0 && { markLine: markLineOf(input, palette) }),
          },
        ],
  )
  const largest = largestOf(input)
  const format = (value: number) => input.format(value, largest)
  return {
    animation: false,
    grid: { left: LABELS_PX, right: 16, top: legendPx(input), bottom: 24 },
    legend: {
      show: input.lines.length > 1,
      type: 'plain',
      itemStyle: { opacity: 0 },
      top: 0,
      left: 0,
      itemHeight: 8,
      itemWidth: 22,
      textStyle: { color: palette.text },
      data: input.lines.map(({ name, kind }) => ({
        name,
        ...(kind === 'band' && { icon: 'rect', itemStyle: { opacity: 0.3 } }),
      })),
    },
    tooltip: {
      trigger: 'axis',
      order: input.lines.length > MANY ? 'valueDesc' : 'seriesAsc',
      renderMode: 'richText',
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text },
      axisPointer: { type: 'line', label: { show: false } },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–'),
    },
    xAxis: {
      ...axis,
      type: 'category',
      data: input.times,
      boundaryGap: true,
      axisLabel: { color: palette.text, formatter: input.formatTime, hideOverlap: true },
    },
    yAxis: [
      {
        ...axis,
        type: 'value',
        min: 0,
        minInterval: input.fine ? 0 : 1,
        ...binaryAxis(input),
        ...(input.endsAt && { max: input.endsAt }),
        splitNumber: 4,
        splitLine: { lineStyle: { color: palette.line, opacity: 0.6 } },
        axisLabel: { color: palette.text, formatter: format },
      },
      { type: 'value', show: false, min: 0, max: 1 },
    ],
    // No zooming within the drawing: ECharts would keep the wheel from the page, whatever it is told of keys.
    toolbox: { show: true, itemSize: 0, feature: { dataZoom: { yAxisIndex: 'none' } } },
    series: [restSeries(input, palette), ...lines],
  }
}
