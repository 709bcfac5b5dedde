'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const SCHEMA = {
  type: 'object',
  properties: {
    // Modules that are imported by name at run time, and files that are read: patterns, too.
    include: { type: 'array', items: { type: 'string' } },
    // Ship pydantic and the models as they are.
    pydantic: { type: 'boolean' },
  },
  additionalProperties: false,
};

/**
 * Turns the packaged service into one artifact a function; listed after serverless-python-requirements.
 * The work is in Python, by the project's own environment: `python -m plugins.bundle`.
 */
module.exports = class Bundle {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless;
    this.log = log;
    serverless.configSchemaHandler.defineFunctionProperties('aws', { properties: { bundle: SCHEMA } });
    this.hooks = { 'after:package:createDeploymentArtifacts': () => this.bundle() };
  }

  bundle() {
    const { service, serviceDir } = this.serverless;
    const names = service.getAllFunctions().filter((name) => this.isPython(name));
    if (names.length === 0) return;
    if (!service.package.artifact) {
      throw this.error('plugins/bundle takes the whole service: not `package: individually: true`.');
    }
    if (!existsSync(path.join(serviceDir, '.venv'))) {
      throw this.error('Bundles are made by Python in .venv: `npm test` or `npm start` sets it up.');
    }
    const output = path.join(serviceDir, '.serverless', 'bundle');
    const request = {
      artifact: path.resolve(serviceDir, service.package.artifact),
      output,
      cache: path.join(serviceDir, '.cache', 'bundle'),
      checks: service.custom?.bundle?.checks ?? [],
      functions: names.map((name) => this.describe(name)),
    };
    const made = this.run(request);
    // For who makes them anew from changed sources, without serverless.
    const { patterns } = service.package;
    const deployed = Object.fromEntries(names.map((name) => [name, service.getFunction(name).name]));
    const again = { ...request, names: deployed, patterns };
    writeFileSync(path.join(output, 'request.json'), JSON.stringify(again));
    for (const { function: name, artifact } of made) {
      const definition = service.getFunction(name);
      definition.package = { ...definition.package, individually: true, artifact };
    }
    this.log.notice(table(made));
  }

  isPython(name) {
    const { image, runtime } = this.serverless.service.getFunction(name);
    return !image && /^python/.test(runtime ?? this.serverless.service.provider.runtime);
  }

  describe(name) {
    const { custom, provider } = this.serverless.service;
    const definition = this.serverless.service.getFunction(name);
    return {
      name,
      handler: definition.handler,
      runtime: definition.runtime ?? provider.runtime,
      architecture: definition.architecture ?? provider.architecture ?? 'x86_64',
      target: custom?.bundle?.target,
      ...definition.bundle,
    };
  }

  run(request) {
    const { serviceDir } = this.serverless;
    // What the shell says to Python must not end up in an artifact.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PYTHON'));
    const python = spawnSync(path.join(serviceDir, '.venv/bin/python'), ['-m', 'plugins.bundle'], {
      cwd: serviceDir,
      // Sets are ordered by it, in bytecode too.
      env: { ...Object.fromEntries(own), PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' },
      input: JSON.stringify(request),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (python.error || python.status !== 0) {
      throw this.error(python.error?.message ?? python.stderr.trim());
    }
    return JSON.parse(python.stdout);
  }

  error(message) {
    return new this.serverless.classes.Error(message);
  }
};

function table(made) {
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  const rows = [
    ['function', 'zipped', 'unzipped', 'modules', 'compiled models'],
    ...made.map((each) => [
      each.function,
      megabytes(each.zipped),
      megabytes(each.unzipped),
      String(each.modules),
      each.compiled.join(', ') || 'none',
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}
