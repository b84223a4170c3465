// From figures over days to an ECharts option: the same marks and colours as the bullet bar. Pure.
import type { EChartsCoreOption } from 'echarts/core'

/** How a line is drawn: use solid, request dashed, limit dotted, pods as steps. */
export type LineKind = 'use' | 'hot' | 'request' | 'limit' | 'pods'

export interface Line {
  name: string
  kind: LineKind
  /** One value per entry of `times`; null is a gap. */
  values: (number | null)[]
}

export interface Mark {
  time: string
  text: string
}

export interface ChartInput {
  /** Local dates, or ISO times, in order. */
  times: string[]
  lines: Line[]
  marks: Mark[]
  format: (value: number) => string
  formatTime: (time: string) => string
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

const DASH: Record<LineKind, string | number[]> = {
  use: 'solid',
  hot: [2, 2],
  request: 'dashed',
  limit: 'dotted',
  pods: 'solid',
}

/** Saturdays and Sundays, as pairs of neighbouring category names. */
export function weekends(times: readonly string[]): [{ xAxis: string }, { xAxis: string }][] {
  const isWeekend = (time: string) =>
    [0, 6].includes(new Date(`${time.slice(0, 10)}T00:00:00Z`).getUTCDay())
  return times.filter(isWeekend).map((time) => [{ xAxis: time }, { xAxis: time }])
}

function seriesOf(line: Line, palette: Palette) {
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
    itemStyle: { color: palette[line.kind] },
    color: palette[line.kind],
    sampling: 'max',
  }
}

/** Shaded weekends and marks of what happened, carried by an empty series of their own. */
function marksOf(input: ChartInput, palette: Palette) {
  return {
    type: 'line',
    data: [],
    name: '',
    markArea: {
      silent: true,
      itemStyle: { color: palette.shade },
      data: weekends(input.times),
    },
    markLine: {
      symbol: ['none', 'pin'],
      symbolSize: 12,
      lineStyle: { color: palette.mark, type: 'solid', width: 1 },
      label: { show: false },
      tooltip: { formatter: ({ name }: { name: string }) => name, trigger: 'item' },
      data: input.marks
        .filter((mark) => input.times.includes(mark.time))
        .map((mark) => ({ name: mark.text, xAxis: mark.time })),
    },
  }
}

export function chartOption(input: ChartInput, palette: Palette): EChartsCoreOption {
  const axis = {
    axisLabel: { color: palette.text },
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
  }
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 34, bottom: 8, containLabel: true },
    legend: {
      top: 0,
      left: 0,
      itemHeight: 8,
      itemWidth: 22,
      textStyle: { color: palette.text },
      data: input.lines.map((line) => line.name),
    },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text },
      axisPointer: { type: 'line', label: { show: false } },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? input.format(value) : '–'),
    },
    xAxis: {
      ...axis,
      type: 'category',
      data: input.times,
      boundaryGap: true,
      axisLabel: { color: palette.text, formatter: input.formatTime, hideOverlap: true },
    },
    yAxis: {
      ...axis,
      type: 'value',
      min: 0,
      splitLine: { lineStyle: { color: palette.line, opacity: 0.6 } },
      axisLabel: { color: palette.text, formatter: input.format },
    },
    dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }],
    toolbox: { show: true, itemSize: 0, feature: { dataZoom: { yAxisIndex: 'none' } } },
    series: [...input.lines.map((line) => seriesOf(line, palette)), marksOf(input, palette)],
  }
}
