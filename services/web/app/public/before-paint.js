// Runs before the first paint, so that nobody who chose dark is flashed at.
(() => {
  const chosen = localStorage.getItem('florin.theme');
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
