/** Browses the catalogue, page by page, and creates items. */

import { Demo } from './demo.js';
import { find, make } from './elements.js';

/** @typedef {{id: string, name: string, price: string}} Item */

/**
 * Lets orders have these items, and chooses one of them.
 * @type {(items: Item[], chosen?: string) => void}
 */
const offer = (items, chosen) => {
  const select = /** @type {HTMLSelectElement} */ (find('select[name=item_id]'));
  const known = new Set(Array.from(select.options, (option) => option.value));
  for (const { id, name, price } of items) {
    if (!known.has(id)) select.append(new Option(`${name} (${price})`, id));
  }
  select.value = chosen ?? (select.value || items[0]?.id || '');
  select.dispatchEvent(new Event('input', { bubbles: true })); // For the command that has it.
};

new Demo(
  'browse',
  (fields) => {
    // The button for the next page has the cursor.
    const query = { limit: `${fields.get('limit')}`, cursor: `${fields.get('cursor') ?? ''}` };
    return { path: `items?${new URLSearchParams(query.cursor ? query : { limit: query.limit })}` };
  },
  ({ items, cursor }, form) => {
    const rows = items.map((/** @type {Item} */ { name, price }) => make('li', make('span', name), make('span', price)));
    const list = make('ul', ...rows);
    list.className = 'items';
    find('output', form).replaceChildren(items.length ? list : make('p', 'There are no items yet.'));
    const next = /** @type {HTMLButtonElement} */ (find('button[name=cursor]', form));
    next.value = cursor ?? '';
    next.hidden = !cursor;
    offer(items);
  },
);

new Demo(
  'create',
  (fields, idempotencyKey) => ({
    path: 'items',
    body: { name: fields.get('name'), price: fields.get('price') },
    idempotencyKey,
    needsApiKey: true,
  }),
  (item, form) => {
    find('output', form).textContent = `“${item.name}” is in the catalogue, and chosen for an order.`;
    offer([item], item.id);
  },
);
