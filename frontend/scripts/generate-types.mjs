// Writes src/api/schema.d.ts from docs/openapi.json. `--check` only says whether it has drifted.
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const source = new URL('../../docs/openapi.json', import.meta.url)
const target = new URL('../src/api/schema.d.ts', import.meta.url)
const banner = '// Generated from docs/openapi.json by `npm run generate`. Do not edit.\n\n'

const types = banner + astToString(await openapiTS(source))
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== types) {
    console.error('src/api/schema.d.ts has drifted from docs/openapi.json: run `npm run generate`')
    process.exit(1)
  }
} else {
  writeFileSync(target, types)
}
