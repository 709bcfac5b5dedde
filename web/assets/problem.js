/** Says what went wrong, beside the form whose call it was, and marks the fields that were refused. */

import { make } from './elements.js';

/** @typedef {import('./calls.js').Answer} Answer */

const NO_ANSWER = 'No answer came. Check the network, and try again.';

/** Shows why a form's call failed; without an answer, that none came. */
export const showProblem = (
  /** @type {HTMLFormElement} */ form,
  /** @type {HTMLElement} */ place,
  /** @type {Answer=} */ answer,
) => {
  place.replaceChildren(...(answer ? describe(answer) : [make('p', NO_ANSWER)]));
  for (const { pointer, parameter } of answer?.json?.errors ?? []) {
    const field = form.elements.namedItem(`${pointer ?? parameter}`.split('/').pop() ?? '');
    if (!(field instanceof HTMLElement)) continue;
    field.ariaInvalid = 'true';
    field.setAttribute('aria-describedby', place.id);
  }
};

/** Takes back what was shown. */
export const clearProblem = (/** @type {HTMLFormElement} */ form, /** @type {HTMLElement} */ place) => {
  place.replaceChildren();
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
};

/** Returns a problem in words (RFC 9457), with a link to the page about its type. */
const describe = (/** @type {Answer} */ { response, json }) => {
  const { type, title = response.statusText, detail = '', errors = [] } = json ?? {};
  const retryAfter = response.headers.get('retry-after');
  const words = retryAfter ? `${detail} Try again in ${retryAfter} s.` : detail;
  const details = errors.map((/** @type {Record<string, string>} */ error) =>
    make('li', make('code', error.pointer ?? error.parameter ?? error.header), `: ${error.detail}`),
  );
  return [
    make('p', make('strong', `${response.status} ${title}.`), ` ${words}`),
    ...(details.length ? [make('ul', ...details)] : []),
    ...linkTo(type, response),
  ];
};

/** Returns a link to the page about a type of problem, if it has one. */
const linkTo = (/** @type {string} */ type, /** @type {Response} */ { url }) => {
  const link = document.createElement('a');
  link.textContent = 'What this means';
  link.href = new URL(type ?? 'about:blank', url).href;
  return /^https?:$/.test(link.protocol) ? [make('p', link)] : [];
};
