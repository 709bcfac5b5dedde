// The API reference: Swagger UI, with a layout of our own and names for what a screen reader reads.

/** @type {any} Swagger UI's script defines it, and runs before this module. */
const { SwaggerUIBundle } = window;
const FIRST_CALL = ['operations', 'lucky_numbers', 'luckyNumbers']; // Shown open.
// Accessible names of the elements that Swagger UI gives none.
/** @type {Record<string, (element: HTMLElement) => string>} */
const NAMES = {
  'textarea.body-param__text': () => 'Request body',
  '.examples-select-element': () => 'Example',
  '.responses-table[role=region]': (element) => element.id.replaceAll('_', ' '),
  '[data-param-name] :is(input, select, textarea)': (element) =>
    element.closest('[data-param-name]')?.getAttribute('data-param-name') ?? '',
};

/** Names elements whenever Swagger UI has drawn some. */
function nameElements() {
  const root = /** @type {HTMLElement} */ (document.querySelector('#reference'));
  const observer = new MutationObserver(() => {
    for (const [selector, name] of Object.entries(NAMES)) {
      for (const element of root.querySelectorAll(`:is(${selector}):not([aria-label])`)) {
        element.setAttribute('aria-label', name(/** @type {HTMLElement} */ (element)));
      }
    }
  });
  observer.observe(root, { childList: true, subtree: true });
}

/** Components in place of Swagger UI's own. @param {any} system */
function components({ React }) {
  const h = React.createElement;
  return {
    // Instead of the layout with a list of servers, of which there is one.
    ReferenceLayout: (/** @type {any} */ { getComponent, specSelectors, authActions }) => {
      const part = (/** @type {string} */ name) => h(getComponent(name, true));
      // Before, Swagger UI would say that the document has no operations.
      const isLoaded = specSelectors.loadingStatus() === 'success';
      return h(
        'div',
        { className: 'swagger-ui' },
        h(getComponent('SvgAssets')),
        part('errors'),
        part('InfoContainer'),
        h(ApiKey, { h, specSelectors, authActions }),
        isLoaded && h('h2', {}, 'Operations'),
        isLoaded && part('operations'),
        isLoaded && part('Models'),
      );
    },
    // The key is entered once, at the top.
    authorizeOperationBtn: () => null,
  };
}

/** The field for the API key of all operations. @param {any} props */
function ApiKey({ h, specSelectors, authActions }) {
  const schemes = specSelectors.securityDefinitions();
  const name = schemes?.findKey((/** @type {any} */ scheme) => scheme.get('type') === 'apiKey');
  if (!name) return null;
  const schema = schemes.get(name);
  const enter = (/** @type {any} */ { target }) => {
    const value = target.value.trim(); // No key has a space, which may be copied with it.
    if (value) authActions.authorize({ [name]: { name, schema, value } });
    else authActions.logout([name]);
  };
  return h(
    'label',
    { className: 'api-key' },
    `API key (${schema.get('name')})`,
    h('input', { type: 'password', autoComplete: 'off', spellCheck: false, onChange: enter }),
  );
}

nameElements();
const reference = SwaggerUIBundle({
  url: new URL('../openapi.json', import.meta.url).href,
  dom_id: '#reference',
  layout: 'ReferenceLayout',
  syntaxHighlight: false, // Its colours have too little contrast.
  plugins: [(/** @type {any} */ system) => ({ components: components(system) })],
  tryItOutEnabled: true,
  validatorUrl: null, // Swagger's own host would see the document's URL.
  onComplete: () => reference.layoutActions.show(FIRST_CALL, true),
});
