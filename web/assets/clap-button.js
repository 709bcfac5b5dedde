/**
 * `<clap-button slug="my-post">`: claps for a post. The server counts each clap exactly once.
 *
 * The button shows a click at once, and sends each burst of clicks 500 ms after the last one, with an
 * idempotency key. The burst stays in the page's localStorage until the server has responded. If a
 * request fails, the button retries it with the same key, on the next visit if need be. If no retry
 * can succeed, it says so and takes the claps back; the next click tries again.
 *
 * Attributes: `slug` identifies the post (default: the path of the page); `api` is the URL of the
 * service (default: the folder of this file).
 *
 * Event: `clap-counted`, of the window, when the server has counted a burst. Its `detail` has the
 * `burst`, the `response`, and the `counts` in the response's body.
 */

const QUIET_MS = 500; // A burst is sent this long after its last click.
const STALE_MS = 5000; // Clicks are not added to an older burst: another page may be sending it.
const RETRY_WINDOW_MS = 28 * 24 * 3600 * 1000; // Two days less than the server remembers keys for.
const BACKOFF_MAX_MS = 30_000;
const STORAGE_PREFIX = 'clap-button/';

/**
 * A response: the claps of the post, those of this viewer, and the viewer's limit.
 * @typedef {{claps: number, viewerClapCount: number, limit: number}} Counts
 *
 * `at` is the time of the last click. A sealed burst may have been sent, so its claps do not change.
 * @typedef {{key: string, api: string, slug: string, claps: number, at: number, sealed: boolean}} Burst
 */

/** Stores a burst, or deletes it. If storage is denied, the burst lives only as long as the page. */
const store = (/** @type {Burst} */ burst, /** @type {boolean} */ isNeeded) => {
  try {
    const name = STORAGE_PREFIX + burst.key;
    isNeeded ? localStorage.setItem(name, JSON.stringify(burst)) : localStorage.removeItem(name);
  } catch {}
};

/** The milliseconds since a burst's last click: absolute, because the clock may have been set back. */
const age = (/** @type {Burst} */ { at }) => Math.abs(Date.now() - at);

/** @returns {Burst | undefined} the stored burst of that name, if it is valid JSON */
const load = (/** @type {string} */ name) => {
  try {
    return { ...JSON.parse(localStorage[name]) };
  } catch {}
};

/**
 * @returns {Burst[]} the stored bursts to send: sealed ones, which are safe to send again, and those
 * that are too old to belong to an open page
 */
const loadUnsent = () => {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(STORAGE_PREFIX));
    const bursts = names.flatMap((name) => load(name) ?? []);
    return bursts.filter((burst) => burst.sealed || age(burst) > 2 * STALE_MS);
  } catch {
    return [];
  }
};

/** Sends a burst. It is safe to repeat, because of the idempotency key. */
const send = (/** @type {Burst} */ { api, slug, claps, key }) =>
  request(api + 'claps', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ slug, claps }),
    keepalive: true, // The request continues when the page is closed.
  });

/**
 * Whether a retry may succeed. If not, the console says so. With 403, a firewall may refuse a caller
 * that is too fast.
 */
const mayRetry = (/** @type {Response=} */ response) =>
  !response ||
  /^([25]..|40[389]|42[59])$/.test(`${response.status}`) ||
  console.warn('clap-button:', response.url, response.status);

/** Gets a response, or undefined if there is none within 10 s. */
const request = (/** @type {string} */ url, /** @type {RequestInit} */ options) =>
  fetch(url, { ...options, signal: AbortSignal.timeout(10_000) }).catch(() => undefined);

/** Waits before a retry: exponential backoff with jitter, which ends when the network is back. */
const backOff = (/** @type {number} */ attempt, /** @type {Response=} */ response) =>
  new Promise((resolve) => {
    const retryAfterMs = Number(response?.headers.get('retry-after')) * 1000 || 0; // A date counts as 0.
    const backoffMs = Math.min(1000 * 2 ** attempt, BACKOFF_MAX_MS);
    // Whichever comes second changes nothing.
    setTimeout(resolve, retryAfterMs + backoffMs * (0.5 + Math.random() / 2));
    addEventListener('online', resolve, { once: true });
  });

/** The claps of a post, which all of its buttons on the page share. */
class Post {
  /** @type {Map<string, Post>} */
  static all = new Map();

  /** The server's counts. @type {Counts | undefined} */
  known;
  /** The bursts that the server has not counted yet, in the order of sending. @type {Burst[]} */
  bursts = [];
  /** @type {Set<() => void>} */
  views = new Set();
  /** @type {number | undefined} */
  timer;
  isSending = false;
  /** @type {unknown} */
  isRefreshing;
  /** Whether the last burst was refused for good. */
  isRefused = false;
  /** The burst whose request is pending. @type {Burst | undefined} */
  pending;

  /** @returns {Post} the post with that slug in that API */
  static of(/** @type {string} */ api, /** @type {string} */ slug) {
    const name = api + '\n' + slug;
    const post = Post.all.get(name) ?? new Post(api, slug);
    Post.all.set(name, post);
    return post;
  }

  constructor(/** @type {string} */ api, /** @type {string} */ slug) {
    this.api = api;
    this.slug = slug;
  }

  /** The counts to show: the server's, and the claps that it has not counted yet. */
  get counts() {
    const { claps = 0, viewerClapCount = 0, limit = 20 } = this.known ?? {};
    const unsent = this.bursts.reduce((sum, burst) => sum + burst.claps, 0);
    return { claps: claps + unsent, viewerClapCount: viewerClapCount + unsent, limit };
  }

  get isAtLimit() {
    return this.counts.viewerClapCount >= this.counts.limit;
  }

  show() {
    this.views.forEach((view) => view());
  }

  /** Adds a clap, and starts to send QUIET_MS after the last one. */
  clap() {
    if (this.isAtLimit) return;
    this.isRefused = false;
    if (!this.known) this.refresh();
    const last = this.bursts.at(-1);
    if (last && !last.sealed && Date.now() - last.at < STALE_MS) {
      last.claps += 1;
      last.at = Date.now();
      store(last, true);
    } else {
      this.add(1);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sendBursts(), QUIET_MS);
    this.show();
  }

  /** Adds a burst: an open one at the end, or a sealed one at the front. */
  add(/** @type {number} */ claps, sealed = false) {
    const key = crypto.getRandomValues(new Uint8Array(16)).join('-'); // 63 characters at most.
    const { api, slug } = this;
    const burst = { key, api, slug, claps, at: Date.now(), sealed };
    sealed ? this.bursts.unshift(burst) : this.bursts.push(burst);
    store(burst, true);
  }

  remove(/** @type {Burst} */ burst) {
    this.bursts = this.bursts.filter((each) => each !== burst);
    store(burst, false);
  }

  /** Seals all bursts, so that a retry sends the same claps with the same key. */
  seal() {
    clearTimeout(this.timer);
    for (const burst of this.bursts) {
      if (!burst.sealed) store(Object.assign(burst, { sealed: true }), true);
    }
  }

  /** Sends the bursts one after the other, and retries each until the server has responded. */
  async sendBursts() {
    this.seal();
    if (this.isSending) return;
    this.isSending = true;
    for (let attempt = 0; this.bursts[0]?.sealed; attempt += 1) {
      const [burst] = this.bursts;
      if (age(burst) > RETRY_WINDOW_MS) {
        this.remove(burst); // It may have been counted, and the server has forgotten the key.
        continue;
      }
      this.pending = burst;
      const response = await send(burst);
      const counts = await response?.json().catch(() => undefined);
      this.pending = undefined;
      const isOverLimit = response?.status === 409;
      const isRefused = !counts || !(response?.ok || isOverLimit);
      if (isRefused && mayRetry(response)) {
        await backOff(attempt, response);
        continue;
      }
      if (isOverLimit) {
        // The viewer has also clapped elsewhere. Send only as many claps as the limit allows.
        const room = Math.min(burst.claps - 1, counts.limit - counts.viewerClapCount);
        if (room > 0) this.add(room, true);
      }
      this.remove(burst);
      this.isRefused = isRefused;
      if (!isRefused) this.update(counts);
      if (!response?.ok) this.refresh();
      else dispatchEvent(new CustomEvent('clap-counted', { detail: { burst, response, counts } }));
      attempt = -1;
    }
    this.isSending = false;
    this.show();
  }

  /** Gets the server's counts, with retries unless none can succeed. */
  async refresh() {
    if (this.isRefreshing) return;
    this.isRefreshing = true;
    const url = `${this.api}claps?slug=${encodeURIComponent(this.slug)}`;
    for (let attempt = 0; this.isRefreshing; attempt += 1) {
      const response = await request(url, { cache: 'no-store' });
      const counts = response?.ok && (await response.json().catch(() => undefined));
      this.isRefreshing = !counts && mayRetry(response);
      if (counts) this.update(counts);
      else if (this.isRefreshing) await backOff(attempt, response);
    }
  }

  update(/** @type {Counts} */ { claps = 0, viewerClapCount, limit }) {
    // Counts never decrease, so the larger one is the newer one.
    this.known = {
      claps: Math.max(claps, this.known?.claps ?? 0),
      viewerClapCount: Math.max(viewerClapCount, this.known?.viewerClapCount ?? 0),
      limit,
    };
    this.show();
  }
}

const style = new CSSStyleSheet(); // Works under any Content-Security-Policy, unlike a style element.
style.replaceSync(`
  :host { display: inline-block }
  button { all: unset; box-sizing: border-box; display: inline-flex; align-items: center; gap: .5em;
    padding: .45em .9em; border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
    border-radius: 2em; cursor: pointer; user-select: none; touch-action: manipulation;
    font-variant-numeric: tabular-nums; transition: border-color .2s, transform .1s }
  button:hover { border-color: currentColor }
  button:focus-visible { outline: 2px solid currentColor; outline-offset: 3px }
  button:active { transform: scale(.95) }
  button[aria-disabled=true] { cursor: default; transform: none; border-color: transparent;
    background: color-mix(in srgb, currentColor 10%, transparent) }
  svg { width: 1.3em; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round }
  span + i + span { font-size: .8em }
  span:empty { display: none }
  i { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  @media (prefers-reduced-motion: reduce) { button { transition: none } button:active { transform: none } }
`);

// Two clapping hands.
const HANDS =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4V1M7 5 5.5 2.5M17 5l1.5-2.5"/>' +
  '<rect x="4" y="8" width="6" height="14" rx="3" transform="rotate(10 7 22)"/>' +
  '<rect x="14" y="8" width="6" height="14" rx="3" transform="rotate(-10 17 22)"/></svg>';

class ClapButton extends HTMLElement {
  static observedAttributes = ['slug', 'api'];

  /** @type {Post | undefined} */
  post;
  view = () => this.render();
  hasClapped = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    // The `i` elements are for screen readers only.
    root.innerHTML =
      `<button part="button" type="button">${HANDS}<i>Clap for this: </i>` +
      '<span></span><i></i><span></span><i></i></button><i role="status"></i>';
    this.button = /** @type {HTMLButtonElement} */ (root.querySelector('button'));
    this.visible = root.querySelectorAll('span');
    this.spoken = root.querySelectorAll('i');
    this.button.onclick = () => {
      this.hasClapped = true;
      this.post?.clap();
    };
  }

  connectedCallback() {
    const base = this.getAttribute('api') ?? new URL('.', import.meta.url).href;
    const api = new URL(base.replace(/\/*$/, '/'), document.baseURI).href;
    this.post = Post.of(api, this.getAttribute('slug') || location.pathname);
    this.post.views.add(this.view);
    if (!this.post.known) this.post.refresh();
    this.render();
  }

  disconnectedCallback() {
    this.post?.views.delete(this.view);
  }

  attributeChangedCallback() {
    if (!this.isConnected || !this.post) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  render() {
    const { post } = this;
    if (!post) return;
    const { claps, viewerClapCount: own, limit } = post.counts;
    const [total, mine] = this.visible;
    const [, noun, share, status] = this.spoken;
    total.textContent = post.known || claps ? claps.toLocaleString() : '';
    noun.textContent = ` clap${claps === 1 ? '' : 's'}, `;
    const refusal = post.isRefused ? 'not counted! ' : '';
    mine.textContent = refusal || (own ? `+${own}` : '');
    share.textContent = `${own && !refusal ? '' : own} of ${limit} by you`;
    this.button.ariaDisabled = String(post.isAtLimit);
    this.button.title = post.isAtLimit ? `You gave all ${limit} claps. Thank you!` : '';
    // Announced once the server has counted the burst, not at every click.
    if (this.hasClapped && !post.bursts.length) {
      status.textContent = `${total.textContent}${noun.textContent}${refusal}${own} of ${limit} by you`;
    }
  }
}

for (const burst of loadUnsent()) {
  const post = Post.of(burst.api, burst.slug);
  post.bursts.push({ ...burst, sealed: true });
  post.sendBursts();
}

const sendAllNow = () => {
  for (const post of Post.all.values()) {
    post.sendBursts(); // Sends the first burst, unless it is waiting for a retry.
    const others = post.bursts.filter((burst) => burst !== post.pending);
    others.forEach(send);
  }
};
addEventListener('pagehide', sendAllNow);
addEventListener('visibilitychange', () => document.hidden && sendAllNow());

customElements.define('clap-button', ClapButton);
