/** Places an order, and follows it until it is processed. */

import { Demo, readNumber } from './demo.js';
import { find } from './elements.js';

const POLL_MS = 1000;
const POLLS_MAX = 60;

let pollsLeft = 0;
/** @type {number | undefined} */
let timer;

const follow = new Demo(
  'follow',
  (fields) => ({ path: `orders/${encodeURIComponent(`${fields.get('order_id')}`)}`, needsApiKey: true }),
  ({ cart_product_status: status }, form) => {
    find('output', form).textContent =
      status === 'PROCESSED' ? 'Processed.' : pollsLeft ? 'Pending …' : 'Still pending. Follow it again.';
    find('output', form).dataset.status = status;
    if (status === 'PROCESSED' || !pollsLeft) return;
    pollsLeft -= 1;
    timer = setTimeout(() => follow.send(), POLL_MS);
  },
);
// Before it sends, so that it waits only for the order that was asked for last.
follow.form.addEventListener('submit', () => startOver(), { capture: true });

const startOver = () => {
  clearTimeout(timer);
  pollsLeft = POLLS_MAX;
};

new Demo(
  'order',
  (fields, idempotencyKey) => ({
    path: 'orders',
    body: {
      user_id: fields.get('user_id'),
      order_items: [{ item_id: fields.get('item_id'), quantity: readNumber(fields, 'quantity') }],
    },
    idempotencyKey,
    needsApiKey: true,
  }),
  ({ order_id: id, order_total: total }, form) => {
    find('output', form).textContent = `Ordered, for ${total} in total.`;
    /** @type {HTMLInputElement} */ (find('[name=order_id]', follow.form)).value = id;
    follow.form.requestSubmit();
  },
);
