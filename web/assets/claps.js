/** Gets the claps of a post. The clap button itself is a script of its own, for any page. */

import { API } from './calls.js';
import { Demo } from './demo.js';
import { find } from './elements.js';

new Demo(
  'claps',
  (fields) => ({ path: `claps?${new URLSearchParams({ slug: `${fields.get('slug')}` })}` }),
  ({ claps, viewerClapCount }, form) => {
    find('output', form).textContent = `${claps} ${claps === 1 ? 'clap' : 'claps'}, ${viewerClapCount} by you`;
  },
);

find('#snippet').textContent =
  `<script type="module" src="${API}clap-button.js"></script>\n\n<clap-button slug="my-post"></clap-button>`;
