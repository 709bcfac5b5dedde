// One set-up of a clone at a time.

import { linkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, read, say } from './step.mjs';

const LOCK = path.join(ROOT, '.setup.lock');
const LOCK_LIFETIME_MS = 15 * 60_000; // Process ids are used again; no set-up takes this long.

/** Waits while another set-up of this clone runs, then takes its place until this process ends. */
export async function takeTurn() {
  const own = `${LOCK}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  for (let waited = false; ; ) {
    try {
      linkSync(own, LOCK); // With its content at once, unlike a file opened and then written.
      process.on('exit', () => rmSync(LOCK, { force: true }));
      rmSync(own);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(read(LOCK));
    const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (owner && !isRunning(owner, age)) {
      rmSync(LOCK, { force: true });
    } else if (owner && !waited) {
      waited = true;
      say(`Waiting for the set-up that runs already (process ${owner}, says .setup.lock) …`);
    }
    await sleep(200);
  }
}

/** Whether the set-up that made a lock of that age still runs. */
function isRunning(pid, age) {
  return pid !== process.pid && age < LOCK_LIFETIME_MS && isAlive(pid);
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
