'use strict';

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const LOOPBACK = ['127.0.0.1', 'localhost'];
const HERE = ['package', 'print']; // These go nowhere.
const PYTHON = ['deploy', 'deploy function', 'invoke local', 'package'];

/**
 * Finds out, before a command begins, whether it can get where it goes: to the stage `local` only on
 * this machine, and to AWS only with credentials.
 */
module.exports = class Destination {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = { initialize: () => this.check() };
  }

  async check() {
    const { processedInput, serviceDir } = this.serverless;
    const command = processedInput.commands.join(' ');
    if (PYTHON.includes(command) && !existsSync(path.join(serviceDir, '.venv'))) {
      throw this.error('Python packages are not set up in this clone: `npm start` does it, once.');
    }
    if (!this.goesToAws(command)) return;
    if (this.isLocal() && !isHere(process.env)) {
      throw this.error(`The stage local is on this machine alone. ${this.tellExports()}`);
    }
    // A deploy would find out after packaging, and `invoke local` does not say what to do.
    if (['deploy', 'invoke local'].includes(command)) await this.checkCredentials(command);
  }

  goesToAws(command) {
    if (command !== 'invoke local') return !HERE.includes(command);
    // What a function keeps, and by what name, AWS knows alone.
    const { service, processedInput } = this.serverless;
    const { environment } = service.functions[processedInput.options.function] ?? {};
    return Object.values(environment ?? {}).some((value) => typeof value === 'object');
  }

  async checkCredentials(command) {
    try {
      await this.serverless.getProvider('aws').getAccountInfo();
    } catch (error) {
      const told = [`AWS does not say who you are: ${error.message}`];
      if (this.isLocal()) told.push(this.tellExports());
      else if (command === 'invoke local') {
        told.push(`For the local cloud, add --stage local. ${this.tellExports()}`);
      }
      throw this.error(told.join('\n'));
    }
  }

  isLocal() {
    return this.serverless.getProvider('aws').getStage() === 'local';
  }

  tellExports() {
    const noted = path.join(this.serverless.serviceDir, '.cache', 'cloud', 'exports');
    if (!existsSync(noted)) return 'Run `npm start`, and paste here the export line that it prints.';
    return `Paste this line, and try again:\n\n  ${readFileSync(noted, 'utf8').trim()}\n`;
  }

  error(message) {
    return new this.serverless.classes.Error(message);
  }
};

/** Whether AWS's SDKs go to this machine; a service may have an endpoint of its own. */
function isHere(environment) {
  const names = Object.keys(environment).filter((name) => name.startsWith('AWS_ENDPOINT_URL_'));
  return ['AWS_ENDPOINT_URL', ...names].every((name) => {
    const url = environment[name] ?? '';
    return URL.canParse(url) && LOOPBACK.includes(new URL(url).hostname);
  });
}
