'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');

/**
 * Puts the project's `.venv` first on PATH, so that plain `serverless` commands use its Python and
 * packages, even if the shell has another environment activated.
 *
 * For `invoke local` on the stage `local`, it also replaces each `Fn::Sub` in a function's environment
 * by its text, because serverless resolves only `Ref` there. Only secrets use `Fn::Sub`, and on that
 * stage a secret may be any text. On other stages it must be the real one.
 */
module.exports = class Environment {
  constructor(serverless) {
    this.hooks = { initialize: () => this.replaceSub(serverless) };
    // AWS's SDK would warn that its next versions need a newer Node; package-lock.json pins this one.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

    const venv = path.join(serverless.serviceDir, '.venv');
    if (!existsSync(venv)) return;
    process.env.VIRTUAL_ENV = venv;
    process.env.PATH = [path.join(venv, 'bin'), process.env.PATH].join(path.delimiter);
  }

  replaceSub(serverless) {
    if (serverless.processedInput.commands.join(' ') !== 'invoke local') return;
    if (serverless.getProvider('aws').getStage() !== 'local') return;
    for (const name of serverless.service.getAllFunctions()) {
      const { environment = {} } = serverless.service.getFunction(name);
      for (const [key, value] of Object.entries(environment)) {
        environment[key] = value?.['Fn::Sub'] ?? value;
      }
    }
  }
};
