/** Builds the web app into dashboards/dist, which the hub serves. `vite dashboards` serves it for development beside a hub on 8080. */
import { defineConfig } from 'vite';

const hub = 'http://localhost:8080';

export default defineConfig({
  // The content policy allows fonts and scripts from files only, so nothing is inlined.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2023' },
  server: {
    proxy: {
      '/api': hub,
      '/gtfs-rt': hub,
      '/cap': hub,
      '/socket.io': { target: hub, ws: true },
    },
  },
});
