/** A demo: a form that makes a call, with the command, the answer and the problem shown beside it. */

import { newIdempotencyKey, send, toCurl } from './calls.js';
import { find, make } from './elements.js';
import { clearProblem, showProblem } from './problem.js';

/** @typedef {import('./calls.js').Call} Call */

const SHOWN_HEADERS = ['location', 'retry-after'];

/** Makes a demo of the form with that name. */
export class Demo {
  /** The call whose answer is awaited. @type {Call | undefined} */
  pending;
  /** The idempotency key of each body, until its outcome is known. @type {Map<string, string>} */
  keys = new Map();

  /**
   * @param {string} name
   * @param {(fields: FormData, idempotencyKey: string) => Call} toCall
   * @param {(json: any, form: HTMLFormElement) => void} show called with each successful answer
   */
  constructor(name, toCall, show) {
    const form = document.forms.namedItem(name);
    if (!form) throw new Error(`There is no form ${name}.`);
    this.form = form;
    this.toCall = toCall;
    this.show = show;
    addCall(form);
    this.problem = find('.problem', form);
    this.problem.id = `${name}-problem`;
    form.addEventListener('input', () => showCommand(form, this.read()));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send(event.submitter);
    });
    showCommand(form, this.read());
  }

  /**
   * Returns the call of the form. Until the outcome is known, each call with the same body has the
   * same idempotency key, so that it is done only once.
   */
  read(/** @type {HTMLElement | null} */ submitter = null) {
    const fields = new FormData(this.form, submitter);
    const body = toText(this.toCall(fields, ''));
    const key = this.keys.get(body) ?? newIdempotencyKey();
    this.keys.set(body, key);
    return this.toCall(fields, key);
  }

  /** Sends the call of the form, in place of a pending call of another path. */
  async send(/** @type {HTMLElement | null} */ submitter = null) {
    const call = this.read(submitter);
    if (this.pending?.path === call.path) return;
    this.pending = call;
    showCommand(this.form, call);
    const answer = await send(call, readApiKey()).catch(() => undefined);
    if (this.pending !== call) return;
    this.pending = undefined;
    clearProblem(this.form, this.problem);
    showAnswer(this.form, answer);
    if (answer?.json && answer.response.status < 500) this.keys.delete(toText(call));
    if (answer?.json && answer.response.ok) this.show(answer.json, this.form);
    else showProblem(this.form, this.problem, answer);
  }
}

/** Adds the place for a command, and for its answer. */
export const addCall = (/** @type {HTMLElement} */ place) => {
  const template = /** @type {HTMLTemplateElement} */ (find('#call'));
  place.append(template.content.cloneNode(true));
};

/** Shows the command of a call. */
export const showCommand = (/** @type {HTMLElement} */ place, /** @type {Call} */ call) => {
  find('.command', place).textContent = toCurl(call);
};

/** Shows an answer, or takes back the last one. */
export const showAnswer = (
  /** @type {HTMLElement} */ place,
  /** @type {import('./calls.js').Answer=} */ answer,
) => {
  find('.answer', place).hidden = !answer;
  if (!answer) return;
  const { status, statusText, headers } = answer.response;
  const lines = SHOWN_HEADERS.filter((name) => headers.has(name)).map((name) => `${name}: ${headers.get(name)}`);
  find('.status', place).replaceChildren(make('b', `${status} ${statusText}`), ...lines.map((line) => make('span', line)));
  find('.body', place).textContent = answer.text;
};

/** Returns the text of a call's body. */
const toText = (/** @type {Call} */ { body }) => JSON.stringify(body) ?? '';

/** Returns the API key, without what no key has and was copied with it, such as a space. */
const readApiKey = () => /** @type {HTMLInputElement} */ (find('#api-key')).value.replace(/[^!-~]/g, '');

/** Returns the number in a field; null, which the API refuses, if it has none. */
export const readNumber = (/** @type {FormData} */ fields, /** @type {string} */ name) =>
  fields.get(name) ? Number(fields.get(name)) : null;
