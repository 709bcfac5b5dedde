'use strict';

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const LOOPBACK = ['127.0.0.1', 'localhost'];
const OFFLINE = ['package', 'print'];
const PYTHON = ['deploy', 'deploy function', 'invoke local', 'package', 'plan'];

/**
 * Checks, before a command runs, that it can reach its destination: the stage `local` exists only on
 * this machine, and AWS needs credentials.
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
      throw this.error('The Python packages are not installed in this clone. Run `npm start` once.');
    }
    if (!this.needsCloud(command)) return;
    if (this.isLocal() && !isLoopback(process.env)) {
      throw this.error(`The stage local exists only on this machine. ${this.adviseExports()}`);
    }
    // Without this check, a deploy would fail only after packaging, and `invoke local` without advice.
    if (['deploy', 'invoke local', 'plan'].includes(command)) await this.checkCredentials(command);
  }

  needsCloud(command) {
    if (command !== 'invoke local') return !OFFLINE.includes(command);
    // An object as a value refers to a resource, such as a table, whose name only the cloud knows.
    const { service, processedInput } = this.serverless;
    const { environment } = service.functions[processedInput.options.function] ?? {};
    return Object.values(environment ?? {}).some((value) => typeof value === 'object');
  }

  async checkCredentials(command) {
    try {
      await this.serverless.getProvider('aws').getAccountInfo();
    } catch (error) {
      const lines = [`AWS credentials are missing or invalid: ${error.message}`];
      if (this.isLocal()) lines.push(this.adviseExports());
      else if (command === 'invoke local') {
        lines.push(`For the local cloud, add --stage local. ${this.adviseExports()}`);
      }
      throw this.error(lines.join('\n'));
    }
  }

  isLocal() {
    return this.serverless.getProvider('aws').getStage() === 'local';
  }

  adviseExports() {
    const saved = path.join(this.serverless.serviceDir, '.cache', 'cloud', 'exports');
    if (!existsSync(saved)) return 'Run `npm start`, and paste the export line that it prints here.';
    return `Paste this line, and try again:\n\n  ${readFileSync(saved, 'utf8').trim()}\n`;
  }

  error(message) {
    return new this.serverless.classes.Error(message);
  }
};

/** Whether AWS's SDKs connect to this machine for every service. Each may have its own endpoint. */
function isLoopback(environment) {
  const names = Object.keys(environment).filter((name) => name.startsWith('AWS_ENDPOINT_URL_'));
  return ['AWS_ENDPOINT_URL', ...names].every((name) => {
    const url = environment[name] ?? '';
    return URL.canParse(url) && LOOPBACK.includes(new URL(url).hostname);
  });
}
