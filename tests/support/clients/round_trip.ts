// Calls every operation through the generated TypeScript client: `round_trip.js URL API_KEY`.

import { client, type Item } from './client.js';

declare const process: { argv: string[] };

const ATTEMPTS_MAX = 300;
const POLL_INTERVAL_MS = 100;

/** Greets, draws, and reads the problem of an invalid count. */
async function draw() {
  const greeting = await client.hello({ query: { first_name: 'Ada' } });
  expect(greeting.data === 'Hello, Ada!', greeting);
  const drawn = await client.luckyNumbers({ body: { name: 'Ada', count: 3 } });
  expect(drawn.data?.numbers.length === 3, drawn);
  const refused = await client.luckyNumbers({ body: { name: 'Ada', count: -1 } });
  expect(refused.error !== undefined && 'errors' in refused.error, refused);
  expect(refused.error.errors?.[0]?.pointer === '/count', refused);
}

/** Claps once, though the request is sent twice. */
async function clap() {
  const slug = `typescript-${crypto.randomUUID()}`;
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  for (let time = 0; time < 2; time++) {
    const applause = await client.applaud({ body: { slug, claps: 3 }, headers });
    expect(applause.data?.limit === 20, applause);
  }
  const { data: count } = await client.getClaps({ query: { slug } });
  expect(count?.claps === 3 && count.viewerClapCount === 3, count);
}

/** Creates, gets, replaces and lists items, deletes one, and returns another. */
async function changeItems(): Promise<Item> {
  const created = await client.createItem({ body: { name: 'Bell', price: '1.50' } });
  const etag = created.response.headers.get('etag');
  expect(created.data && etag, created);
  const path = { id: created.data.id };
  const known = await client.getItem({ path, headers: { 'If-Match': etag } });
  expect(known.data?.price === '1.50', known);
  const drum = { name: 'Drum', price: '2', description: 'A loud one' };
  const replaced = await client.replaceItem({ path, body: drum, headers: { 'If-Match': etag } });
  expect(replaced.data?.version === 2, replaced);
  const stale = await client.deleteItem({ path, headers: { 'If-Match': etag } });
  expect(stale.error?.type.endsWith('/problems/precondition-failed'), stale);
  const deleted = await client.deleteItem({ path });
  expect(deleted.response.status === 204, deleted);
  const horn = await client.createItem({
    body: { name: 'Horn', price: '3' },
    headers: { 'Idempotency-Key': crypto.randomUUID() },
  });
  const page = await client.listItems({ query: { limit: 100 } });
  expect(page.data?.items.length, page);
  expect(horn.data, horn);
  return horn.data;
}

/** Places an order, and gets it until it is processed. */
async function order(item: Item) {
  const placed = await client.placeOrder({
    body: { user_id: 'typescript', order_items: [{ item_id: item.id, quantity: 2 }] },
    headers: { 'Idempotency-Key': crypto.randomUUID() },
  });
  expect(placed.data?.order_total === '6.00', placed);
  const path = { order_id: placed.data.order_id };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { data } = await client.getOrder({ path });
    if (data?.cart_product_status === 'PROCESSED') return;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  expect(false, `order ${path.order_id} is not processed`);
}

/** Gets the pages, scripts and documents. */
async function look() {
  const page = await client.getPage();
  expect(page.data?.includes('<html'), page);
  const style = await client.getAsset({ path: { name: 'style.css' } });
  expect(style.data?.includes('color-scheme'), style);
  const problem = await client.getProblemPage({ path: { name: 'precondition-failed' } });
  expect(problem.data?.includes('Precondition'), problem);
  const docs = await client.getDocs();
  expect(docs.data?.includes('<html'), docs);
  const document = await client.getOpenapi();
  expect(document.data && 'paths' in document.data, document);
  const button = await client.getClapButton();
  expect(button.data?.includes('customElements'), button);
}

function expect(condition: unknown, found: unknown): asserts condition {
  if (!condition) throw new Error(JSON.stringify(found));
}

const [serverUrl = '', apiKey = ''] = process.argv.slice(2);
client.configure({ serverUrl, auth: { apiKey: { apiKey } } });
await draw();
await clap();
await order(await changeItems());
await look();
