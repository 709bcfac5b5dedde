'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');
const { Problem } = require('./problem.js');

const OLDEST = [3, 11]; // That lambda_bundle runs on.
const PROBE = 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable, sep="\\n")';

/** Finds an interpreter of each runtime's version. Bytecode is specific to it. */
class Pythons {
  /** `configured` is `custom.bundle.python`: an interpreter, or interpreters by runtime. */
  constructor(serviceDir, configured) {
    this.serviceDir = serviceDir;
    this.configured = configured;
    this.found = new Map();
    this.probed = new Map();
  }

  /**
   * Returns the path of an interpreter for a runtime such as "python3.13", or null.
   *
   * Throws a Problem if `custom.bundle.python` names one that does not run.
   */
  find(runtime) {
    if (!this.found.has(runtime)) this.found.set(runtime, this.search(runtime));
    return this.found.get(runtime);
  }

  search(runtime) {
    const version = runtime.replace('python', '');
    const named = typeof this.configured === 'object' ? this.configured[runtime] : this.configured;
    if (named) return this.checkNamed(named, runtime, version);
    if (!isSupported(version)) return null;
    for (const candidates of this.sources(version)) {
      for (const candidate of candidates()) {
        const probed = this.probe(candidate, version);
        if (probed?.version === version) return probed.python;
      }
    }
    return null;
  }

  /** Returns functions that return candidates, those that are wanted most and cost least first. */
  sources(version) {
    return [
      () => [process.env.VIRTUAL_ENV, process.env.CONDA_PREFIX].filter(Boolean).map(pythonOf),
      () => this.environments().map(pythonOf),
      () => this.ask('poetry.lock', 'poetry', 'env', 'info', '--path').map(pythonOf),
      () => this.ask('Pipfile', 'pipenv', '--venv').map(pythonOf),
      () => [`python${version}`],
      () => this.ask('uv.lock', 'uv', 'python', 'find', version),
      () => ['python3', 'python'],
    ];
  }

  checkNamed(named, runtime, version) {
    const candidate = named.includes('/') ? path.resolve(this.serviceDir, named) : named;
    const probed = this.probe(candidate, version);
    if (!probed) throw new Problem(`custom.bundle.python: ${named} does not run.`);
    // One interpreter for all runtimes is of use for those that have its version.
    return probed.version === version && isSupported(version) ? probed.python : null;
  }

  /** Returns the environments of the service, and of folders around it in its repository. */
  environments() {
    return this.folders().flatMap((folder) => [path.join(folder, '.venv'), path.join(folder, 'venv')]);
  }

  folders() {
    const folders = [this.serviceDir];
    for (;;) {
      const last = folders.at(-1);
      if (existsSync(path.join(last, '.git'))) return folders;
      if (path.dirname(last) === last) return [this.serviceDir];
      folders.push(path.dirname(last));
    }
  }

  /** Returns the line that a tool prints, if the service uses the tool: if it has its file. */
  ask(file, command, ...options) {
    if (!existsSync(path.join(this.serviceDir, file))) return [];
    const settings = { cwd: this.serviceDir, encoding: 'utf8' };
    const { status, stdout } = spawnSync(command, options, settings);
    return status === 0 ? [stdout.trim()] : [];
  }

  /** Returns the version and the path of an interpreter, or null if it does not run. */
  probe(candidate, version) {
    if (path.isAbsolute(candidate) && !existsSync(candidate)) return null;
    // pyenv runs a version only if PYENV_VERSION, or a file, names it.
    const named = path.isAbsolute(candidate) ? {} : { PYENV_VERSION: version };
    const key = `${candidate} ${named.PYENV_VERSION}`;
    if (!this.probed.has(key)) {
      const { status, stdout } = spawnSync(candidate, ['-E', '-c', PROBE], {
        cwd: this.serviceDir,
        encoding: 'utf8',
        env: { ...process.env, ...named },
      });
      const [found, python] = status === 0 ? stdout.trim().split(/\r?\n/) : [];
      this.probed.set(key, found ? { version: found, python } : null);
    }
    return this.probed.get(key);
  }
}

function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === OLDEST[0] && minor >= OLDEST[1];
}

/** Returns why there is no interpreter for a runtime, and what would change that. */
function explainMissing(runtime) {
  const version = runtime.replace('python', '');
  if (!isSupported(version)) {
    return `its runtime is ${runtime}; bundles are made for python${OLDEST.join('.')} and later.`;
  }
  return (
    `its runtime is ${runtime}, and no Python ${version} was found here. Install it (with ` +
    `\`uv python install ${version}\`, say), or set \`custom.bundle.python\` to its path.`
  );
}

const pythonOf = (environment) =>
  process.platform === 'win32'
    ? path.join(environment, 'Scripts', 'python.exe')
    : path.join(environment, 'bin', 'python');

module.exports = { explainMissing, Pythons };
