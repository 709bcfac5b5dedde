'use strict';

const { accessSync, constants, mkdirSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * Returns the folder for the bundler's cache: the configured one, relative to the service, or one of
 * the user's. Within the service, it would be packaged by services that list no patterns.
 */
function findCache(serviceDir, configured) {
  if (configured) return path.resolve(serviceDir, configured);
  const folder = path.join(userCache(), 'lambda-bundle');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return path.join(serviceDir, '.serverless', 'bundle', 'cache'); // A user without a home.
  }
}

function userCache() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  const home = os.homedir();
  return process.platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache');
}

module.exports = { findCache };
