/** Draws lucky numbers. */

import { Demo, readNumber } from './demo.js';
import { find, make } from './elements.js';

new Demo(
  'draw',
  (fields) => ({
    path: 'lucky_numbers',
    body: { name: fields.get('name'), count: readNumber(fields, 'count') },
  }),
  ({ message, numbers }, form) => {
    const list = make('ol', ...numbers.map((/** @type {number} */ each) => make('li', `${each}`)));
    list.className = 'numbers';
    find('output', form).replaceChildren(make('p', message), list);
  },
);
