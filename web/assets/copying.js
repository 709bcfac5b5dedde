/** The copy buttons: each copies the code beside it. */

import { find } from './elements.js';

const SHOWN_MS = 2000;

document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element && target.closest('button.copy');
  const code = button && button.parentElement?.querySelector('code');
  if (!code) return;
  try {
    await navigator.clipboard.writeText(`${code.textContent}`);
    announce('Copied');
  } catch {
    getSelection()?.selectAllChildren(code); // Without permission, the reader copies it.
    announce('Selected: copy it with your keyboard');
  }
});

const announce = (/** @type {string} */ text) => {
  const status = find('#copying');
  status.textContent = text;
  setTimeout(() => {
    if (status.textContent === text) status.textContent = '';
  }, SHOWN_MS);
};
