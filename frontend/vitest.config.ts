// Unit tests of what computes; the pages are tested in a browser by tests/browser.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // A context of its own for each file, in few threads: as apart as in a process each, for a quarter of the time.
  test: { include: ['tests/**/*.test.ts'], environment: 'node', pool: 'vmThreads' },
})
