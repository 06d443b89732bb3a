import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  publicDir: 'app/public',
  build: {
    target: 'es2023',
    manifest: true,
    // Nothing is inlined: the page's policy forbids what is not a file.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
