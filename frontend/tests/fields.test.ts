// Controls of forms: each kind is wrapped once, in ui/form, and used from there.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const SRC = new URL('../src/', import.meta.url).pathname
const CONTROL =
  /(<!--[^>]*-->\s*)?<(input|select|textarea|el-(?:input|select|checkbox|radio|date-picker|switch|cascader|autocomplete|slider)[\w-]*)(?=[\s/>])/g
/** Those that stay native; beside each stands why. */
const NATIVE = [
  'features/services/edit/NumberInput.vue: input',
  'features/services/import/ImportDialog.vue: input',
  'ui/table/DataTable.vue: input',
  'ui/table/TableHead.vue: input',
]

const found = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.vue') && !name.startsWith(join('ui', 'form')))
  .flatMap((name) =>
    [...readFileSync(join(SRC, name), 'utf8').matchAll(CONTROL)].map(([, comment, tag]) => ({
      place: `${name.replaceAll('\\', '/')}: ${tag ?? ''}`,
      comment: comment ?? '',
    })),
  )

it('are wrapped, but for a few', () => {
  expect(found.map(({ place }) => place).sort()).toEqual(NATIVE)
})

it('are native for a reason that stands there', () => {
  for (const { place, comment } of found) expect(comment, place).toContain('<!-- Native')
})

it('are found at all', () => {
  const wrapped = readdirSync(join(SRC, 'ui/form'), { encoding: 'utf8' })
    .filter((name) => name.endsWith('.vue'))
    .flatMap((name) => [...readFileSync(join(SRC, 'ui/form', name), 'utf8').matchAll(CONTROL)])
  const kinds = ['el-checkbox', 'el-date-picker', 'el-input', 'el-radio', 'el-select']
  expect(wrapped.map(([, , tag]) => tag)).toEqual(expect.arrayContaining(kinds))
})
