import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { english } from './english/plugin.ts'

/** Where `npm start` listens; only the development server asks it through a proxy. */
const api = { target: 'http://127.0.0.1:7080', ws: true }

/** The console is served by the API process under /console/; files are named by their content. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [english(), react()],
  server: { host: '127.0.0.1', proxy: { '/v1': api } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // ECharts alone is 515 KB; it comes only with the page that draws with it.
    chunkSizeWarningLimit: 600,
  },
})
