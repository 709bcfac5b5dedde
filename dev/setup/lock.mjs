// A lock, so that only one set-up of a clone runs at a time.

import { linkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, read, say } from './step.mjs';

const LOCK = path.join(ROOT, '.setup.lock');
// No set-up takes longer. If the process of an older lock runs, it is another program, to which the
// system gave the same id.
const LOCK_LIFETIME_MS = 15 * 60_000;
const POLL_INTERVAL_MS = 200;

/** Waits while another set-up of this clone runs, then holds the lock until this process ends. */
export async function lockSetup() {
  const own = `${LOCK}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  for (let waited = false; ; ) {
    try {
      linkSync(own, LOCK); // The lock has its content at once, as it would not with an open and a write.
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
      say(`Waiting for another set-up of this clone (process ${owner}, from .setup.lock) …`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Whether the set-up that made a lock `age` milliseconds ago still runs. */
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
