// Runs the commands of set-up, prints, and reads and writes files, as all steps of set-up need.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Thrown when a step fails. The message says what to do, if that is known. */
export class SetupError extends Error {}

/** Prints to standard error: standard output belongs to the command that runs after set-up. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a command. Prints a dot every two seconds, and the command's output if it fails. */
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
    throw new SetupError(`\n${output}\nThe command failed: ${[command, ...args].join(' ')} (${code})`);
  }
  say(` ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Returns the text of a file, or '' if it does not exist. */
export function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Returns the content of a JSON file, or {} if it does not exist. */
export const readJson = (file) => JSON.parse(read(file) || '{}');

/** Writes a JSON file, completely or not at all. */
export function writeJson(file, value) {
  writeFileSync(`${file}.new`, `${JSON.stringify(value)}\n`);
  renameSync(`${file}.new`, file);
}

export const digest = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex');
