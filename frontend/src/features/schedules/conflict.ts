// A schedule that somebody else changed while it was edited: what is mine, what is theirs, field by field.
import type { ScheduleForm } from './form'

type Field = Exclude<keyof ScheduleForm, 'care' | 'amount'> | 'care' | 'amount'
/** What belongs together is chosen together. */
const PARTS = {
  name: ['name'],
  kind: ['kind'],
  to: ['amount'],
  temporary: ['temporary', 'back', 'hours', 'backDays', 'backTime', 'backCron'],
  when: ['when', 'days', 'time', 'cron', 'onceAt', 'timezone'],
  whom: ['whom', 'lines', 'namespaces', 'labels', 'pattern'],
  care: ['care'],
  misfire: ['misfire', 'graceMinutes'],
} as const satisfies Record<string, readonly Field[]>
export type Part = keyof typeof PARTS

const part = (form: ScheduleForm, name: Part) =>
  JSON.stringify(PARTS[name].map((field) => form[field]))

/** The parts in which mine and theirs differ. */
export const differing = (mine: ScheduleForm, theirs: ScheduleForm): Part[] =>
  (Object.keys(PARTS) as Part[]).filter((name) => part(mine, name) !== part(theirs, name))

/** Whose a part is before anybody chose: mine where I changed it, else theirs. */
export const suggested = (base: ScheduleForm, mine: ScheduleForm, name: Part): 'mine' | 'theirs' =>
  part(base, name) === part(mine, name) ? 'theirs' : 'mine'

/** Mine with the parts of theirs that were chosen. */
export function merged(
  mine: ScheduleForm,
  theirs: ScheduleForm,
  chosen: ReadonlySet<Part>,
): ScheduleForm {
  const fields = [...chosen].flatMap((name) => [...PARTS[name]] as Field[])
  const taken = Object.fromEntries(fields.map((field) => [field, theirs[field]]))
  return JSON.parse(JSON.stringify({ ...mine, ...taken })) as ScheduleForm
}
