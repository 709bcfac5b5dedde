'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');

/**
 * Puts the project's own Python environment first, so that plain `serverless` commands run the
 * interpreter and the packages that set-up installed, whatever else the shell has activated.
 *
 * For `invoke local` on the stage `local`: that knows of CloudFormation's functions `Ref` alone, so
 * an `Fn::Sub` in a function's environment stands for its own text. Only secrets are written that
 * way, which must be the true ones on any other stage.
 */
module.exports = class Environment {
  constructor(serverless) {
    this.hooks = { initialize: () => this.simplify(serverless) };
    // That newer AWS SDKs will want a newer Node: ours is the one in package-lock.json.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

    const venv = path.join(serverless.serviceDir, '.venv');
    if (!existsSync(venv)) return;
    process.env.VIRTUAL_ENV = venv;
    process.env.PATH = [path.join(venv, 'bin'), process.env.PATH].join(path.delimiter);
  }

  simplify(serverless) {
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
