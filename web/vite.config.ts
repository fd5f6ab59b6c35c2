import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `flightiq serve` listens while the page is developed with `npm run dev`. */
const server = 'http://127.0.0.1:4600'

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // The page's Content-Security-Policy allows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': server, '/auth': server } },
})
