'use strict';

const { execFile } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const { Problem } = require('./problem.js');

const BUNDLER = path.join(path.dirname(__dirname), 'lambda_bundle');

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
  const options = { cwd: serviceDir, maxBuffer: 2 ** 28 };
  return new Promise((resolve, reject) => {
    const child = execFile(python, ['-E', BUNDLER, 'request'], options, (error, stdout, stderr) => {
      if (!error) return resolve(JSON.parse(stdout));
      const isProblem = error.code === 1 && !stderr.includes('Traceback (most recent call last)');
      if (isProblem) return reject(new Problem(stderr.trim()));
      return resolve(new BundlerCrash(stderr.trim() || error.message));
    });
    child.stdin.on('error', () => {}); // It ended before it read all; its status says why.
    child.stdin.end(JSON.stringify(request));
  });
}

module.exports = { BundlerCrash, runBundlers };
