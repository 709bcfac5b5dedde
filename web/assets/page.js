/** Shows the URL of this service in the snippet. */

const snippet = /** @type {HTMLElement} */ (document.querySelector('code'));
const url = new URL('../clap-button.js', import.meta.url).href;
snippet.textContent = `${snippet.textContent}`.replace('https://…/clap-button.js', url);
