import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,pingone,places,sandbox,server,web,cli,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests mostly wait for processes, browsers and databases: one worker would leave a core idle.
    maxWorkers: 2,
    reporters: ['default'],
  },
})
