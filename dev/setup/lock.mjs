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
  for (let waited = false; !make(LOCK); ) {
    const owner = removeIfStale(LOCK);
    if (owner && !waited) {
      waited = true;
      say(`Waiting for another set-up of this clone (process ${owner}, from .setup.lock) …`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
  const { id } = inspect(LOCK);
  process.on('exit', () => remove(LOCK, id));
}

/** Makes a lock that belongs to this process, or returns false if there is one. */
function make(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock); // The lock has its content at once, as it would not with an open and a write.
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own);
  }
}

/** Removes a lock whose process has ended, or returns the process that has it. */
function removeIfStale(lock) {
  const { id, age } = inspect(lock); // Before its owner is read: if it changes meanwhile, it stays.
  const owner = Number(read(lock));
  if (!owner || isRunning(owner, age)) return owner;
  remove(lock, id);
  return 0;
}

/**
 * Removes a lock if it is still the one with this id. Otherwise another process has removed it, and
 * the lock there now is a third's.
 *
 * Whoever removes it needs a lock for that, named by the id: nobody else can remove it between the
 * check and the removal.
 */
function remove(lock, id) {
  const permit = `${lock}.${id}`;
  if (!make(permit)) {
    removeIfStale(permit);
    return;
  }
  if (inspect(lock).id === id) rmSync(lock);
  rmSync(permit);
}

/** Returns what no other lock has in common with this one, and its age in milliseconds. */
function inspect(lock) {
  const stats = statSync(lock, { bigint: true, throwIfNoEntry: false });
  if (!stats) return { id: '', age: 0 };
  return { id: `${stats.ino}-${stats.mtimeNs}`, age: Date.now() - Number(stats.mtimeMs) };
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
