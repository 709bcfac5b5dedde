// Set-up: installs the packages that a command needs.
//
//   node dev/setup.mjs               what `npm start` and serverless need
//   node dev/setup.mjs dev           the same, and what tests and checks need
//   node dev/setup.mjs dev browser   the same, and a browser
//
// With `--owner PID`, it ends when that process does. It does nothing if nothing has changed. It may
// be interrupted, and it may run twice at once. It prints only to standard error.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setUpBrowser } from './setup/browser.mjs';
import { isAlive, lockSetup } from './setup/lock.mjs';
import { digest, read, readJson, ROOT, say, SetupError, step, writeJson } from './setup/step.mjs';

const VENV = path.join(ROOT, '.venv');
const VENV_PYTHON = path.join(VENV, 'bin', 'python');
const NODE_MODULES = path.join(ROOT, 'node_modules');
const MACHINE = path.join(ROOT, '.machine.json');
const START = 'requirements-start.txt';
const DEV = 'requirements-dev.txt'; // START's packages, and more.
const LOCK_FILE = 'package-lock.json';
const EXTRAS = ['dev', 'browser'];

// The versions that Lambda runs, in order of preference.
const PYTHON_VERSIONS = ['3.13', '3.14', '3.12', '3.11'];

/** Returns the path, version and architecture of a Python, or null if Lambda does not run it. */
function inspectPython(name, version) {
  const probe =
    'import platform, sys\n' +
    'print("%d.%d" % sys.version_info[:2], platform.machine(), sys.executable, sep="\\n")';
  // With pyenv, a name works only if PYENV_VERSION selects its version.
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

/** Returns the Python that PYTHON names, else the one used before, else the best of this machine. */
function findPython(previous) {
  const named = PYTHON_VERSIONS.map((version) => [`python${version}`, version]);
  const candidates = process.env.PYTHON
    ? [[process.env.PYTHON]]
    : [...(previous ? [[previous]] : []), ...named, ['python3'], ['python']];
  for (const [name, version] of candidates) {
    const found = inspectPython(name, version);
    if (found) return found;
  }
  throw new SetupError(
    (process.env.PYTHON
      ? `PYTHON=${process.env.PYTHON} is not a Python that Lambda runs.`
      : 'This machine has no Python that Lambda runs.') +
      ` Install Python ${PYTHON_VERSIONS[0]} (${PYTHON_VERSIONS.slice(1).join(', ')} will do):\n` +
      '  any system       uv python install 3.13, or pyenv install 3.13\n' +
      '  macOS            brew install python@3.13\n' +
      '  Debian, Ubuntu   apt install python3-venv python3-pip\n' +
      'and run this again. If it is not on the PATH, set PYTHON=/path/to/python.',
  );
}

/** Installs a requirements file into .venv, unless it is installed. */
async function setUpPython(requirements) {
  const { python: previous, runtime = '' } = readJson(MACHINE);
  const installed = existsSync(VENV_PYTHON) ? readRecord(sitePackages(runtime)) : {};
  const has = (file) => installed[file] === digest(read(path.join(ROOT, file)), previous);
  if (has(requirements) && !process.env.PYTHON) return linkBundle(runtime);

  const { python, version, architecture } = findPython(previous);
  if (has(requirements) && python === previous) return linkBundle(runtime);
  if (python === previous && has(START) && !(DEV in installed)) {
    // An `npm start` may be using .venv, so this only adds packages. If it is interrupted, the record
    // of what is installed is missing, and the next set-up makes .venv again.
    rmSync(recordOf(sitePackages(runtime)));
  } else {
    await makeVenv(python, version);
  }
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--require-hashes'];
  await step(`Installing ${requirements}`, VENV_PYTHON, ...pip, '-r', requirements);
  linkBundle(`python${version}`);
  writeJson(MACHINE, { runtime: `python${version}`, architecture, python });
  const files = [START, requirements].map((file) => [file, digest(read(path.join(ROOT, file)), python)]);
  writeRecord(sitePackages(`python${version}`), Object.fromEntries(files));
}

/** Makes `lambda_bundle` importable from its sources, as `pip install --editable` does, but at once. */
function linkBundle(runtime) {
  const folder = sitePackages(runtime);
  const link = path.join(folder, 'lambda_bundle.pth');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(link)) writeFileSync(link, '../../../../plugins/bundle\n');
}

const sitePackages = (runtime) => path.join(VENV, 'lib', runtime, 'site-packages');

async function makeVenv(python, version) {
  if (version !== PYTHON_VERSIONS[0]) {
    say(`Python ${PYTHON_VERSIONS[0]} is not installed: the local cloud runs functions on ${version}.`);
    say(`To deploy to AWS, install ${PYTHON_VERSIONS[0]} and delete .machine.json, or use \`--param runtime=python${version}\`.`);
  }
  // `--clear`, because an old .venv may have another version or be incomplete.
  await step(`Making .venv with Python ${version}`, python, '-m', 'venv', '--clear', VENV).catch(
    (error) => {
      throw new SetupError(`${error.message}\nOn Debian and Ubuntu, run: apt install python3-venv`);
    },
  );
}

/** Installs package-lock.json into node_modules, unless it is installed. */
async function setUpNode() {
  const wanted = digest(read(path.join(ROOT, LOCK_FILE)), process.version);
  if (readRecord(NODE_MODULES)[LOCK_FILE] === wanted) return;
  // None of these packages needs its install script.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await step(`Installing ${LOCK_FILE}`, 'npm', 'ci', ...quiet);
  writeRecord(NODE_MODULES, { [LOCK_FILE]: wanted });
}

const recordOf = (folder) => path.join(folder, '.set-up.json');

/** Records what was installed into a folder, and the entries that the folder has then. */
function writeRecord(folder, installed) {
  mkdirSync(folder, { recursive: true }); // Without packages, npm does not make it.
  writeJson(recordOf(folder), { installed, entries: list(folder) });
}

/** Returns what was installed into a folder, or {} if an entry has been deleted since. */
function readRecord(folder) {
  const { installed = {}, entries = [] } = readJson(recordOf(folder));
  const present = new Set(list(folder));
  const missing = entries.find((name) => !present.has(name));
  if (!missing) return installed;
  say(`${path.relative(ROOT, path.join(folder, missing))} is missing.`);
  return {};
}

/** Lists the packages in a folder, also within npm's @scopes. */
function list(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name !== '__pycache__')
    .flatMap((name) =>
      name.startsWith('@') ? list(path.join(folder, name)).map((each) => `${name}/${each}`) : name,
    );
}

/** Checks that Node is one that `engines` in package.json allows. Keep both the same. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const least = { 20: 19, 22: 13 }[major] ?? (major >= 24 ? 0 : Infinity);
  if (minor < least) {
    throw new SetupError(
      `Node ${process.versions.node} is not supported. Install Node 24 or later, ` +
        '22 (from 22.13), or 20 (from 20.19).',
    );
  }
}

/** Ends this process soon after its owner has ended, even if the owner was killed. */
function endWith(owner) {
  setInterval(() => isAlive(owner) || process.exit(1), 500).unref();
}

/** Returns the extras to install and the owner's process id. Exits with status 2 on a mistake. */
function readArguments() {
  try {
    const options = { owner: { type: 'string' } };
    const { positionals: extras, values } = parseArgs({ allowPositionals: true, options });
    const unknown = extras.find((extra) => !EXTRAS.includes(extra));
    if (unknown) throw new Error(`Unknown argument '${unknown}'.`);
    return { extras, owner: Number(values.owner ?? 0) };
  } catch (error) {
    say(`usage: node dev/setup.mjs [${EXTRAS.join('] [')}]\n${error.message}`);
    process.exit(2);
  }
}

try {
  checkNode();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  const { extras, owner } = readArguments();
  if (owner) endWith(owner);
  await lockSetup();
  await setUpPython(extras.includes('dev') ? DEV : START);
  await setUpNode();
  if (extras.includes('browser')) await setUpBrowser();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
