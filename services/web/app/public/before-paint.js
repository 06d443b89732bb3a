// Runs before the first paint, so that nobody who chose dark is flashed at, and what is shown until
// the app has come looks like the page that comes.
(() => {
  const { dataset } = document.documentElement;
  const chosen = localStorage.getItem('florin.theme');
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  dataset.theme = dark ? 'dark' : 'light';
  const welcome = /^\/(sign-in|sign-up|forgot-password|reset-password|verify-email)\b/;
  dataset.area = welcome.test(location.pathname) ? 'welcome' : 'app';
})();
