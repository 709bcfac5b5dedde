'use strict';

const { execFile } = require('node:child_process');
const { existsSync, readdirSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Problem } = require('./problem.js');

const PACKAGE = path.dirname(__dirname); // It has lambda_bundle, and in vendor/ what that needs.
const CRASHED = 70; // EX_SOFTWARE of sysexits.h.
// The modules of `checks` are the service's own. Its folder comes last: a module of its may have the
// name of one in the standard library.
const RUN = `
import os, sys, traceback
sys.path.append(os.getcwd())
try:
    from lambda_bundle.command import main
    main()
except Exception:
    traceback.print_exc()
    sys.exit(${CRASHED})
`;

/** Raised when the bundler itself fails: a mistake in it, or a machine that it cannot run on. */
class BundlerCrash extends Error {}

/**
 * Runs the bundler with requests, as many at once as there are processors.
 *
 * Each run has a `python` and a `request`, which lambda_bundle/bundle.py describes. Returns, for
 * each, its results or a BundlerCrash. Throws a Problem if an artifact cannot be made.
 */
async function runBundlers(runs, serviceDir) {
  const outcomes = [];
  const waiting = [...runs.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, { python, request }] = next;
      outcomes[index] = await runBundler(python, request, serviceDir);
    }
  };
  await Promise.all(os.cpus().map(work));
  return outcomes;
}

function runBundler(python, request, serviceDir) {
  const options = { cwd: serviceDir, env: environment(), maxBuffer: 2 ** 28 };
  return new Promise((resolve, reject) => {
    const child = execFile(python, ['-c', RUN], options, (error, stdout, stderr) => {
      if (!error) return resolve(JSON.parse(stdout));
      if (typeof error.code === 'number' && error.code !== CRASHED) {
        return reject(new Problem(stderr.trim()));
      }
      return resolve(new BundlerCrash(stderr.trim() || error.message));
    });
    child.stdin.on('error', () => {}); // It ended before it read all; its status says why.
    child.stdin.end(JSON.stringify(request));
  });
}

/** Returns the variables of the bundler. The shell's own of Python would change its artifacts. */
function environment() {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PYTHON'));
  const vendor = path.join(PACKAGE, 'vendor');
  const wheels = existsSync(vendor) ? readdirSync(vendor).filter((name) => name.endsWith('.whl')) : [];
  return {
    ...Object.fromEntries(inherited),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONHASHSEED: '0', // Sets, and what is written from them, are always in the same order.
    PYTHONPATH: [PACKAGE, ...wheels.map((name) => path.join(vendor, name))].join(path.delimiter),
    PYTHONSAFEPATH: '1', // Without the current folder.
  };
}

module.exports = { BundlerCrash, runBundlers };
