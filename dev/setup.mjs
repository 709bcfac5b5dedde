// Sets up what is missing: Python packages from hashed requirements, node modules from the lock
// file. Quick when nothing changed; safe to interrupt, and to run twice at once. It prints to
// standard error alone, so that what follows it keeps standard output for itself.

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const VENV = path.join(ROOT, '.venv');
const VENV_PYTHON = path.join(VENV, 'bin', 'python');
const MACHINE = path.join(ROOT, '.machine.json');
const LOCK = path.join(ROOT, '.setup.lock');
const LOCK_LIFETIME_MS = 15 * 60_000; // Process ids come round again; no set-up takes so long.

// The versions that Lambda runs, the default one first.
const PYTHON_VERSIONS = ['3.13', '3.14', '3.12', '3.11'];

class SetupError extends Error {}

const say = (text) => process.stderr.write(`${text}\n`);

/** Returns what a Python that Lambda runs says of itself, or null where that name has none. */
function inspectPython(name, version) {
  const probe =
    'import platform, sys\n' +
    'print("%d.%d" % sys.version_info[:2], platform.machine(), sys.executable, sep="\\n")';
  // Under pyenv a name answers only for the version that is asked for.
  const env = version ? { ...process.env, PYENV_VERSION: version } : process.env;
  try {
    const options = { cwd: ROOT, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] };
    const [found, machine, python] = execFileSync(name, ['-c', probe], options).trim().split('\n');
    if (!PYTHON_VERSIONS.includes(found)) return null;
    const architecture = /arm64|aarch64/i.test(machine) ? 'arm64' : 'x86_64';
    return { python, version: found, architecture };
  } catch {
    return null;
  }
}

/** Finds a Python that Lambda runs too: PYTHON's, or the one noted, or the best of this machine. */
function findPython(noted) {
  const named = PYTHON_VERSIONS.map((version) => [`python${version}`, version]);
  const candidates = process.env.PYTHON
    ? [[process.env.PYTHON]]
    : [...(noted ? [[noted]] : []), ...named, ['python3'], ['python']];
  for (const [name, version] of candidates) {
    const found = inspectPython(name, version);
    if (found) return found;
  }
  throw new SetupError(
    (process.env.PYTHON
      ? `PYTHON=${process.env.PYTHON} is not a Python that Lambda runs.`
      : 'There is no Python here that Lambda runs.') +
      ` Install Python ${PYTHON_VERSIONS[0]} (${PYTHON_VERSIONS.slice(1).join(', ')} will do):\n` +
      '  any system       uv python install 3.13, or pyenv install 3.13\n' +
      '  macOS            brew install python@3.13\n' +
      '  Debian, Ubuntu   apt install python3-venv python3-pip\n' +
      'and run this again. PYTHON=/path/to/python names one that is not on the PATH.',
  );
}

const digest = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex');

/** Returns what a file holds; where there is none, nothing. */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Runs a step, showing that it goes on; shows what it printed if it fails. */
async function step(title, command, ...args) {
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

/** Makes .venv hold what requirements-dev.txt says, unless it does. */
async function setUpPython() {
  const requirements = path.join(ROOT, 'requirements-dev.txt');
  const stamp = path.join(VENV, '.set-up');
  const noted = JSON.parse(read(MACHINE) || '{}').python;
  const isMade = read(stamp) === digest(read(requirements), noted) && existsSync(VENV_PYTHON);
  if (isMade && !process.env.PYTHON) return;

  const { python, version, architecture } = findPython(noted);
  if (isMade && python === noted) return;
  if (version !== PYTHON_VERSIONS[0]) {
    say(`Python ${PYTHON_VERSIONS[0]} is not here, so this machine takes ${version}: noted in`);
    say('.machine.json, which serverless.yml reads. `npm run deploy` would deploy that version too.');
  }
  // `--clear`: whatever is there may be of another version, or only half made.
  await step(`Making .venv with Python ${version}`, python, '-m', 'venv', '--clear', VENV).catch(
    (error) => {
      throw new SetupError(`${error.message}\nOn Debian and Ubuntu, apt install python3-venv.`);
    },
  );
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--require-hashes'];
  await step('Installing requirements-dev.txt', VENV_PYTHON, ...pip, '-r', requirements);
  const machine = { runtime: `python${version}`, architecture, python };
  writeFileSync(MACHINE, `${JSON.stringify(machine)}\n`);
  writeFileSync(stamp, digest(read(requirements), python));
}

/** Makes node_modules hold what package-lock.json says, unless it does. */
async function setUpNode() {
  const stamp = path.join(ROOT, 'node_modules', '.set-up');
  const wanted = digest(read(path.join(ROOT, 'package-lock.json')), process.version);
  if (read(stamp) === wanted) return;
  // No package of ours needs its install script; the lock file holds their hashes.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await step('Installing package-lock.json', 'npm', 'ci', ...quiet);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Whether the set-up that left a lock is still at work. */
function isAtWork(pid, age) {
  if (!pid || pid === process.pid || age > LOCK_LIFETIME_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Waits while another set-up of this clone is at work, then takes its place. */
async function takeTurn() {
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
    if (owner && !isAtWork(owner, age)) {
      rmSync(LOCK, { force: true });
    } else if (owner && !waited) {
      waited = true;
      say(`Waiting for the set-up that runs already (process ${owner}, says .setup.lock) …`);
    }
    await sleep(200);
  }
}

/** Refuses a Node that the packages of package-lock.json refuse, before they do. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const least = { 20: 19, 22: 13 }[major] ?? (major >= 24 ? 0 : Infinity);
  if (minor < least) {
    throw new SetupError(`Node ${process.versions.node} is here; it takes 20.19, 22.13, 24 or newer.`);
  }
}

try {
  checkNode();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  await takeTurn();
  await setUpPython();
  await setUpNode();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
