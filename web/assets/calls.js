/**
 * Calls of the API. Each is a request that this page sends, and a command that sends the same.
 *
 * A call with a body is a POST, the others are GET. The API key is not in it, nor in the command:
 * that reads it from the variable API_KEY, so that it does not get into the shell's history.
 * @typedef {{path: string, body?: object, idempotencyKey?: string, needsApiKey?: boolean}} Call
 *
 * An answer, with its text as it came, and the JSON object that it is, if it is one.
 * @typedef {{response: Response, text: string, json: any}} Answer
 */

/** The URL of the API, which this file is two levels below. It ends with a slash. */
export const API = new URL('..', import.meta.url).href;

const TIMEOUT_MS = 30_000; // API Gateway gives up after 29 s.

/** @returns {Record<string, string>} the headers of a call */
const headersOf = (/** @type {Call} */ { body, idempotencyKey, needsApiKey }, apiKey = '$API_KEY') => ({
  ...(body && { 'content-type': 'application/json' }),
  ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
  ...(needsApiKey && { 'x-api-key': apiKey }),
});

/** Sends a call. @returns {Promise<Answer>} */
export const send = async (/** @type {Call} */ call, /** @type {string} */ apiKey) => {
  const response = await fetch(API + call.path, {
    method: call.body ? 'POST' : 'GET',
    headers: headersOf(call, apiKey),
    body: call.body && JSON.stringify(call.body),
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  return { response, text, json: parse(text) };
};

const parse = (/** @type {string} */ text) => {
  try {
    const json = JSON.parse(text);
    return json instanceof Object ? json : undefined;
  } catch {}
};

/** Returns the command that sends a call, for a POSIX shell. */
export const toCurl = (/** @type {Call} */ call) => {
  const headers = Object.entries(headersOf(call)).map(([name, value]) => {
    return value === '$API_KEY' ? `-H "${name}: $API_KEY"` : `-H ${quote(`${name}: ${value}`)}`;
  });
  const body = call.body ? [`-d ${quote(JSON.stringify(call.body))}`] : [];
  return `curl ${[quote(API + call.path), ...headers, ...body].join(' \\\n  ')}`;
};

/** Returns a text as one word of a POSIX shell, in quotes if it needs them. */
const quote = (/** @type {string} */ text) =>
  /^[\w%,./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns a new idempotency key. */
export const newIdempotencyKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
