// Downloads the wheels of vendor/requirements.txt into vendor/, so that the bundler works with any
// Python, whatever is installed there. `npm pack` runs it. `PYTHON` names one that has pip.

import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';

const FOLDER = 'vendor';
const wheels = readdirSync(FOLDER).filter((name) => name.endsWith('.whl'));
for (const name of wheels) rmSync(`${FOLDER}/${name}`);

const download = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes'];
const where = ['--quiet', '--dest', FOLDER, '--requirement', `${FOLDER}/requirements.txt`];
const python = process.env.PYTHON ?? 'python3';
// What pip prints must not get into the output of `npm pack`, which may be JSON.
const { status, error } = spawnSync(python, [...download, ...where], { stdio: ['ignore', 2, 2] });
if (error) console.error(error.message);
process.exitCode = status ?? 1;
