/** Says what went wrong, beside the form whose call it was, and marks the fields that were refused. */

import { make } from './elements.js';

/** @typedef {import('./calls.js').Answer} Answer */

const NO_ANSWER = 'No answer came. Check the network, and try again.';
// Such as the login page of a network.
const FOREIGN = 'This service did not send the answer below. Check the network, and try again.';

/** Shows why a form's call failed; without an answer, that none came. */
export const showProblem = (
  /** @type {HTMLFormElement} */ form,
  /** @type {HTMLElement} */ place,
  /** @type {Answer=} */ answer,
) => {
  place.replaceChildren(...(answer ? describe(answer) : [make('p', NO_ANSWER)]));
  for (const { pointer, parameter } of errorsOf(answer?.json)) {
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
  const { type, title = response.statusText, detail = response.ok ? FOREIGN : '' } = json ?? {};
  const retryAfter = response.headers.get('retry-after');
  const words = retryAfter ? `${detail} Try again in ${retryAfter} s.` : detail;
  const details = errorsOf(json).map((error) =>
    make('li', make('code', error.pointer ?? error.parameter ?? error.header), `: ${error.detail}`),
  );
  return [
    make('p', make('strong', `${response.status} ${title}.`), ` ${words}`),
    ...(details.length ? [make('ul', ...details)] : []),
    ...linkTo(type, response),
  ];
};

/** @returns {Record<string, string>[]} the errors of a problem; none, if it is something else's */
const errorsOf = (/** @type {any} */ json) => (Array.isArray(json?.errors) ? json.errors.filter(Object) : []);

/** Returns a link to the page about a type of problem, if it has one. */
const linkTo = (/** @type {unknown} */ type, /** @type {Response} */ { url }) => {
  if (typeof type !== 'string' || !URL.canParse(type, url)) return [];
  const link = document.createElement('a');
  link.textContent = 'What this means';
  link.href = new URL(type, url).href;
  return /^https?:$/.test(link.protocol) ? [make('p', link)] : [];
};
