// Fails when the two languages differ in keys or placeholders, or when a key is missing or never used.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LANGUAGES = ['en', 'zh-CN']
const root = new URL('../src/', import.meta.url).pathname

function flatten(node, prefix, into) {
  for (const [key, value] of Object.entries(node)) {
    const path = prefix ? `${prefix}.${key}` : key
    if (typeof value === 'string') into.set(path, value)
    else flatten(value, path, into)
  }
  return into
}

function messagesOf(language) {
  const folder = join(root, 'i18n', language)
  const all = new Map()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), file.replace('.json', ''), all)
  }
  return all
}

const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ')
const sources = readdirSync(root, { recursive: true })
  .filter((name) => /\.(ts|vue)$/.test(name) && !name.endsWith('.d.ts'))
  .map((name) => [name, readFileSync(join(root, name), 'utf8')])

const [first, second] = LANGUAGES.map(messagesOf)
const problems = []
for (const [key, text] of first) {
  if (!second.has(key)) problems.push(`${key}: not in ${LANGUAGES[1]}`)
  else if (placeholders(text) !== placeholders(second.get(key)))
    problems.push(`${key}: the languages have different placeholders`)
}
for (const key of second.keys())
  if (!first.has(key)) problems.push(`${key}: not in ${LANGUAGES[0]}`)

const text = sources.map(([, content]) => content).join('\n')
const literals = new Set(
  [...text.matchAll(/['"]([\w-]+(?:\.[\w-]+)+)['"]/g)].map((match) => match[1]),
)
const prefixes = [...text.matchAll(/`([\w-]+(?:\.[\w-]+)*\.\w*)\$\{/g)].map((match) => match[1])
for (const key of first.keys()) {
  if (!literals.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)))
    problems.push(`${key}: used nowhere`)
}
for (const [name, content] of sources) {
  for (const match of content.matchAll(/(?:\bt|\$t)\(\s*['"]([\w.-]+)['"]|keypath="([\w.-]+)"/g)) {
    const key = match[1] ?? match[2]
    if (!first.has(key)) problems.push(`${key}: asked for in ${name}, but there is no such message`)
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
