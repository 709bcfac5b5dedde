/**
 * Shows what the clap button sends, and gets the claps of a post. The button itself is a script of its
 * own, for any page.
 */

import { API, newIdempotencyKey } from './calls.js';
import { addCall, Demo, showAnswer, showCommand } from './demo.js';
import { find } from './elements.js';

const clap = find('#clap');
const slug = find('clap-button', clap).getAttribute('slug');
const showBurst = (/** @type {{claps: number, key: string}} */ { claps, key }) =>
  showCommand(clap, { path: 'claps', body: { slug, claps }, idempotencyKey: key });

addCall(clap);
showBurst({ claps: 1, key: newIdempotencyKey() });
addEventListener('clap-counted', (event) => {
  const { burst, response, counts } = /** @type {CustomEvent} */ (event).detail;
  if (burst.slug !== slug) return; // Left by another page.
  showBurst(burst);
  showAnswer(clap, { response, text: JSON.stringify(counts), json: counts });
});

new Demo(
  'claps',
  (fields) => ({ path: `claps?${new URLSearchParams({ slug: `${fields.get('slug')}` })}` }),
  ({ claps, viewerClapCount }, form) => {
    find('output', form).textContent = `${claps} ${claps === 1 ? 'clap' : 'claps'}, ${viewerClapCount} by you`;
  },
);

find('#snippet').textContent =
  `<script type="module" src="${API}clap-button.js"></script>\n\n<clap-button slug="my-post"></clap-button>`;
