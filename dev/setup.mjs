// Installs what a command needs and does not have yet: by itself what `npm start` needs, with `dev`
// what tests and checks need, with `browser` a browser for the tests. Quick when nothing changed;
// safe to interrupt, and to run twice at once. It prints to standard error only.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setUpBrowser } from './setup/browser.mjs';
import { digest, read, readJson, ROOT, say, SetupError, step, writeJson } from './setup/step.mjs';
import { isAlive, takeTurn } from './setup/turn.mjs';

const VENV = path.join(ROOT, '.venv');
const VENV_PYTHON = path.join(VENV, 'bin', 'python');
const NODE_MODULES = path.join(ROOT, 'node_modules');
const MACHINE = path.join(ROOT, '.machine.json');
const START = 'requirements-start.txt';
const DEV = 'requirements-dev.txt'; // All of START, and more.
const LOCK_FILE = 'package-lock.json';

// The versions that Lambda runs, the default one first.
const PYTHON_VERSIONS = ['3.13', '3.14', '3.12', '3.11'];

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

/** Finds a Python that Lambda runs: PYTHON's, or the one noted, or the best of this machine. */
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

/** Makes .venv hold what a requirements file says, unless it does. */
async function setUpPython(requirements) {
  const { python: noted, runtime = '' } = readJson(MACHINE);
  const installed = existsSync(VENV_PYTHON) ? readStamp(sitePackages(runtime)) : {};
  const has = (file) => installed[file] === digest(read(path.join(ROOT, file)), noted);
  if (has(requirements) && !process.env.PYTHON) return;

  const { python, version, architecture } = findPython(noted);
  if (has(requirements) && python === noted) return;
  if (python === noted && has(START) && !(DEV in installed)) {
    // An `npm start` may be using it: packages are only added. If that is interrupted, the missing
    // stamp has .venv made anew.
    rmSync(stampOf(sitePackages(runtime)));
  } else {
    await makeVenv(python, version);
  }
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--require-hashes'];
  await step(`Installing ${requirements}`, VENV_PYTHON, ...pip, '-r', requirements);
  writeJson(MACHINE, { runtime: `python${version}`, architecture, python });
  const files = [START, requirements].map((file) => [file, digest(read(path.join(ROOT, file)), python)]);
  writeStamp(sitePackages(`python${version}`), Object.fromEntries(files));
}

const sitePackages = (runtime) => path.join(VENV, 'lib', runtime, 'site-packages');

async function makeVenv(python, version) {
  if (version !== PYTHON_VERSIONS[0]) {
    say(`Python ${PYTHON_VERSIONS[0]} is not here, so the local cloud runs functions on ${version}.`);
    say(`A deploy to AWS needs ${PYTHON_VERSIONS[0]}, or \`--param runtime=python${version}\`.`);
  }
  // `--clear`: whatever is there may be of another version, or only half made.
  await step(`Making .venv with Python ${version}`, python, '-m', 'venv', '--clear', VENV).catch(
    (error) => {
      throw new SetupError(`${error.message}\nOn Debian and Ubuntu, apt install python3-venv.`);
    },
  );
}

/** Makes node_modules hold what package-lock.json says, unless it does. */
async function setUpNode() {
  const wanted = digest(read(path.join(ROOT, LOCK_FILE)), process.version);
  if (readStamp(NODE_MODULES)[LOCK_FILE] === wanted) return;
  // No package of ours needs its install script; the lock file holds their hashes.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await step(`Installing ${LOCK_FILE}`, 'npm', 'ci', ...quiet);
  writeStamp(NODE_MODULES, { [LOCK_FILE]: wanted });
}

const stampOf = (folder) => path.join(folder, '.set-up.json');

/** Notes what was installed into a folder, and what the folder holds since. */
function writeStamp(folder, installed) {
  mkdirSync(folder, { recursive: true }); // npm makes none for no packages.
  writeJson(stampOf(folder), { installed, entries: list(folder) });
}

/** Returns what was installed into a folder, or {} if a package is gone from it since. */
function readStamp(folder) {
  const { installed = {}, entries = [] } = readJson(stampOf(folder));
  const present = new Set(list(folder));
  const missing = entries.find((name) => !present.has(name));
  if (!missing) return installed;
  say(`${path.relative(ROOT, path.join(folder, missing))} is missing.`);
  return {};
}

/** Lists what a folder of packages holds, also within npm's @scopes. */
function list(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name !== '__pycache__')
    .flatMap((name) =>
      name.startsWith('@') ? list(path.join(folder, name)).map((each) => `${name}/${each}`) : name,
    );
}

/** Refuses a Node that the packages of package-lock.json refuse, before they do. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const least = { 20: 19, 22: 13 }[major] ?? (major >= 24 ? 0 : Infinity);
  if (minor < least) {
    throw new SetupError(`Node ${process.versions.node} is here; it takes 20.19, 22.13, 24 or newer.`);
  }
}

/** Ends this process soon after its owner has, as after `kill -9` of npm. */
function endWith(owner) {
  setInterval(() => isAlive(owner) || process.exit(1), 500).unref();
}

try {
  checkNode();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  const options = { owner: { type: 'string' } };
  const { positionals: extras, values } = parseArgs({ allowPositionals: true, options });
  if (values.owner) endWith(Number(values.owner));
  await takeTurn();
  await setUpPython(extras.includes('dev') ? DEV : START);
  await setUpNode();
  if (extras.includes('browser')) await setUpBrowser();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
