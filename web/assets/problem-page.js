/**
 * Writes the URL of the service into the command of a problem page, in place of `$API`. The page
 * itself cannot have it: it is cached for everybody, whatever host they call.
 */

const api = new URL('..', import.meta.url).href.replace(/\/$/, '');
for (const command of document.querySelectorAll('pre.command code')) {
  command.textContent = (command.textContent ?? '').replaceAll('$API', () => api);
}
document.querySelector('#api')?.remove();
