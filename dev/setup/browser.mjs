// Finds a browser on this machine, or installs one, and writes its path to a file for dev/browser.py.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { digest, read, readJson, ROOT, say, SetupError, step, writeJson } from './step.mjs';

const NOTE = path.join(ROOT, '.cache', 'browser.json');
const SOURCE = path.join(ROOT, 'dev', 'setup', 'chromium');
const INSTALLED = path.join(ROOT, '.cache', 'chromium');
const VENV_PYTHON = path.join(ROOT, '.venv', 'bin', 'python');
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Finds or installs a browser, unless CHROMIUM names one. */
export async function setUpBrowser() {
  if (process.env.CHROMIUM) return;
  const versions = ['requirements-dev.txt', 'dev/setup/chromium/package-lock.json'];
  const wanted = digest(...versions.map((name) => read(path.join(ROOT, name))));
  const found = readJson(NOTE);
  if (found.versions === wanted && existsSync(found.browser)) return;

  const browser = findOnMachine() ?? (await install());
  mkdirSync(path.dirname(NOTE), { recursive: true });
  writeJson(NOTE, { browser, versions: wanted });
}

/** Returns the path of the first browser on this machine that starts. */
function findOnMachine() {
  return NAMES.map(locate).find(Boolean);
}

/** Returns the path of a program, or undefined if it does not start. */
function locate(name) {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const found = execFileSync('sh', ['-c', 'command -v "$0"', name], options).trim();
    execFileSync(found, ['--version'], options); // Ubuntu's chromium may only say which snap to install.
    return found;
  } catch {
    return undefined;
  }
}

/** Installs a browser in the first way that works here, and returns its path. */
async function install() {
  say('This machine has no Chromium or Chrome.');
  for (const method of [installFromNpm, installFromPlaywright, installFromDebian]) {
    try {
      const browser = await method();
      if (browser) return browser;
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(error.message);
    }
  }
  throw new SetupError(
    'No browser could be installed. Install Chromium or Chrome yourself:\n' +
      '  Debian           apt install chromium\n' +
      '  macOS            brew install --cask google-chrome\n' +
      'and run this again. If it is not on the PATH, set CHROMIUM=/path/to/chrome.',
  );
}

/** Installs a Chromium from npm that includes its libraries. It exists only for Linux on x64. */
async function installFromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  rmSync(INSTALLED, { force: true, recursive: true });
  cpSync(SOURCE, INSTALLED, { recursive: true });
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await step('Downloading Chromium from npm, 68 MB', 'npm', 'ci', '--prefix', INSTALLED, ...quiet);
  await step('Unpacking Chromium', process.execPath, path.join(INSTALLED, 'unpack.mjs'));
  rmSync(path.join(INSTALLED, 'node_modules'), { recursive: true });
  return locate(path.join(INSTALLED, 'chromium.sh'));
}

/** Installs Playwright's Chromium, which needs libraries of the system. */
async function installFromPlaywright() {
  // Milliseconds, for each of five attempts. Behind a firewall, all of them time out.
  process.env.PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT ??= '3000';
  const command = ['-m', 'playwright', 'install', '--no-shell', 'chromium'];
  await step("Downloading Playwright's Chromium", VENV_PYTHON, ...command);
  const script =
    'from playwright.sync_api import sync_playwright\n' +
    'with sync_playwright() as playwright: print(playwright.chromium.executable_path)';
  return locate(execFileSync(VENV_PYTHON, ['-c', script], { encoding: 'utf8' }).trim());
}

/** Installs Debian's package, if this process runs as root. */
async function installFromDebian() {
  if (process.geteuid?.() !== 0 || !locate('apt-get')) return undefined;
  const command = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium';
  await step('Installing the package chromium', 'sh', '-c', command);
  return findOnMachine();
}
