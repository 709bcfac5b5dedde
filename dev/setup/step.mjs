// The steps of set-up: what each runs, prints and throws.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Thrown when a step fails; its message says what to do, where we know that. */
export class SetupError extends Error {}

/** Prints to standard error, so that the command after set-up keeps standard output for itself. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a command, with a dot every two seconds; shows what it printed if it fails. */
export async function step(title, command, ...args) {
  const started = Date.now();
  process.stderr.write(title);
  const dots = setInterval(() => process.stderr.write('.'), 2000);
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  process.on('exit', () => child.kill());
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', resolve);
  });
  clearInterval(dots);
  if (code !== 0) {
    throw new SetupError(`\n${output}\nThat failed: ${[command, ...args].join(' ')} (${code})`);
  }
  say(` ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Returns the text of a file, or '' if there is none. */
export function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Returns what a JSON file holds, or {} if there is none. */
export const readJson = (file) => JSON.parse(read(file) || '{}');

/** Writes a JSON file, all of it or nothing. */
export function writeJson(file, value) {
  writeFileSync(`${file}.new`, `${JSON.stringify(value)}\n`);
  renameSync(`${file}.new`, file);
}

export const digest = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex');
