/**
 * `<clap-button slug="my-post">`: applause for a post, which never miscounts.
 *
 * It counts at once, and sends each burst of clicks under a key of its own as soon as the hand rests.
 * A burst is kept in the page's storage until the server has answered: what could not be sent is sent
 * again, later or on the next visit, and the server knows a repeat by its key.
 *
 * Attributes: `slug`, the post (without one: the page's path); `api`, where the service is (without
 * one: where this file comes from).
 */

const QUIET_MS = 500;
const STALE_MS = 5000; // A burst this old takes no more clicks: another page may be sending it.
const KEPT_MS = 28 * 24 * 3600 * 1000; // The server knows a repeat for 30 days.
const PAUSE_MAX_MS = 30_000;
const STORED = 'clap-button/';

/**
 * @typedef {{claps: number, viewerClapCount: number, limit: number}} Counts
 * @typedef {{key: string, api: string, slug: string, claps: number, at: number, sealed: boolean}} Burst
 */

/** Keeps a burst for the next visit, or forgets it; where storage is denied, this page alone has it. */
const keep = (/** @type {Burst} */ burst, /** @type {boolean} */ isNeeded) => {
  try {
    const name = STORED + burst.key;
    isNeeded ? localStorage.setItem(name, JSON.stringify(burst)) : localStorage.removeItem(name);
  } catch {}
};

/** By either clock: that of the page may have been set since. */
const age = (/** @type {Burst} */ { at }) => Math.abs(Date.now() - at);

/** @returns {Burst | undefined} what is stored under that name, if anybody can read it */
const read = (/** @type {string} */ name) => {
  try {
    const { key, api, slug, claps, at, sealed } = JSON.parse(localStorage[name]);
    return { key, api, slug, claps, at, sealed };
  } catch {}
};

/** @returns {Burst[]} the bursts that an earlier page has left */
const takeLeftovers = () => {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(STORED));
    const bursts = names.flatMap((name) => read(name) ?? []);
    return bursts.filter((burst) => burst.sealed || age(burst) > 2 * STALE_MS);
  } catch {
    return [];
  }
};

/** Sends a burst once; that it may be sent again is what its key is for. */
const send = (/** @type {Burst} */ { api, slug, claps, key }) =>
  fetch(api + 'claps', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ slug, claps }),
    keepalive: true, // It outlives the page.
    signal: AbortSignal.timeout(10_000),
  });

/** Waits longer each time, up to half a minute, but not beyond the return of the network. */
const pause = (/** @type {number} */ attempt, /** @type {Response=} */ response) =>
  new Promise((resolve) => {
    const least = Number(response?.headers.get('retry-after')) * 1000 || 0; // It may be a date.
    const most = Math.min(1000 * 2 ** attempt, PAUSE_MAX_MS);
    const timer = setTimeout(go, least + most * (0.5 + Math.random() / 2));
    addEventListener('online', go);
    function go() {
      clearTimeout(timer);
      removeEventListener('online', go);
      resolve(undefined);
    }
  });

/** What is known of a post's claps; its buttons show that. */
class Post {
  /** @type {Map<string, Post>} */
  static all = new Map();

  /** @type {Counts | undefined} */
  known;
  /** @type {Burst[]} */
  bursts = [];
  /** @type {Set<() => void>} */
  views = new Set();
  /** @type {number | undefined} */
  timer;
  isDelivering = false;
  /** @type {Burst | undefined} */
  underway;

  /** @returns {Post} the one of that API and slug */
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

  /** The server's counts and what it does not have yet. */
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

  /** Counts a clap, and sends it with those that follow soon. */
  clap() {
    if (this.isAtLimit) return;
    const last = this.bursts.at(-1);
    if (last && !last.sealed && Date.now() - last.at < STALE_MS) {
      last.claps += 1;
      last.at = Date.now();
      keep(last, true);
    } else {
      this.add(1);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.deliver(), QUIET_MS);
    this.show();
  }

  /** Adds a burst: one that takes more clicks, or a sealed one, which is sent first. */
  add(/** @type {number} */ claps, sealed = false) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const { api, slug } = this;
    const burst = { key, api, slug, claps, at: Date.now(), sealed };
    sealed ? this.bursts.unshift(burst) : this.bursts.push(burst);
    keep(burst, true);
  }

  drop(/** @type {Burst} */ burst) {
    this.bursts = this.bursts.filter((each) => each !== burst);
    keep(burst, false);
  }

  /** Closes the bursts: from here on they are what they are sent as. */
  seal() {
    clearTimeout(this.timer);
    for (const burst of this.bursts) {
      if (!burst.sealed) keep(Object.assign(burst, { sealed: true }), true);
    }
  }

  /** Sends the bursts one after the other, each until the server has answered. */
  async deliver() {
    this.seal();
    if (this.isDelivering) return;
    this.isDelivering = true;
    for (let attempt = 0; this.bursts[0]?.sealed; attempt += 1) {
      const [burst] = this.bursts;
      if (age(burst) > KEPT_MS) {
        this.drop(burst); // Nobody knows whether it was counted, and the server not any longer.
        continue;
      }
      this.underway = burst;
      const response = await send(burst).catch(() => undefined);
      const answer = await response?.json().catch(() => undefined);
      this.underway = undefined;
      if (response?.ok && answer) {
        this.drop(burst);
        this.learn(answer);
      } else if (response?.status === 409 && answer) {
        // The viewer has clapped elsewhere, too: what still fits takes this burst's place.
        const room = Math.min(burst.claps - 1, answer.limit - answer.viewerClapCount);
        if (room > 0) this.add(room, true);
        this.drop(burst);
        this.learn(answer);
        this.read();
      } else if ([400, 422].includes(response?.status ?? 0)) {
        this.drop(burst); // No retry would mend it.
        this.read();
      } else {
        await pause(attempt, response);
        continue;
      }
      attempt = -1;
    }
    this.isDelivering = false;
    this.show();
  }

  /** Asks the server, until it answers. */
  async read() {
    for (let attempt = 0; ; attempt += 1) {
      const url = `${this.api}claps?slug=${encodeURIComponent(this.slug)}`;
      const response = await fetch(url, { cache: 'no-store' }).catch(() => undefined);
      const counts = response?.ok && (await response.json().catch(() => undefined));
      if (counts) return this.learn(counts);
      if (response && response.status < 429) return console.warn('clap-button:', url, response.status);
      await pause(attempt, response);
    }
  }

  learn(/** @type {Counts} */ { claps = 0, viewerClapCount, limit }) {
    // Claps are never taken back: the larger count is the later one.
    this.known = {
      claps: Math.max(claps, this.known?.claps ?? 0),
      viewerClapCount: Math.max(viewerClapCount, this.known?.viewerClapCount ?? 0),
      limit,
    };
    this.show();
  }
}

const style = new CSSStyleSheet(); // Unlike a style element, it needs no page's permission.
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

// Two palms that meet, and the sound of it.
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
    // What is in an `i` is for screen readers alone.
    root.innerHTML =
      `<button part="button" type="button">${HANDS}<i>Clap for this: </i>` +
      '<span></span><i></i><span></span><i></i></button><i role="status"></i>';
    this.button = /** @type {HTMLButtonElement} */ (root.querySelector('button'));
    this.seen = root.querySelectorAll('span');
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
    if (!this.post.known) this.post.read();
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
    const [total, mine] = this.seen;
    const [, noun, share, status] = this.spoken;
    total.textContent = post.known || claps ? claps.toLocaleString() : '';
    noun.textContent = claps === 1 ? ' clap, ' : ' claps, ';
    mine.textContent = own ? `+${own}` : '';
    share.textContent = `${own ? '' : 0} of ${limit} by you`;
    this.button.ariaDisabled = String(post.isAtLimit);
    this.button.title = post.isAtLimit ? `You gave all ${limit} claps. Thank you!` : '';
    // Told once a burst has been counted, not at every click.
    if (this.hasClapped && !post.bursts.length) {
      status.textContent = `${total.textContent}${noun.textContent}${own} of ${limit} by you`;
    }
  }
}

for (const burst of takeLeftovers()) {
  const post = Post.of(burst.api, burst.slug);
  post.bursts.push({ ...burst, sealed: true });
  post.deliver();
}

const sendAllNow = () => {
  for (const post of Post.all.values()) {
    post.deliver(); // The first one, unless that is waiting; the others cannot wait at all.
    const others = post.bursts.filter((burst) => burst !== post.underway);
    others.forEach((burst) => send(burst).catch(() => {}));
  }
};
addEventListener('pagehide', sendAllNow);
addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendAllNow());

customElements.define('clap-button', ClapButton);
