'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, writeFileSync } = require('node:fs');
const path = require('node:path');

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
const WRAPPER_VARIABLE = 'AWS_LAMBDA_EXEC_WRAPPER';
const WRAPPER = '/var/task/runtime_loop/wrapper';
const FUNCTION_SCHEMA = {
  type: 'object',
  properties: {
    // What imports do not show: names of modules, and patterns of paths, in which * also matches /.
    include: { type: 'array', items: { type: 'string' } },
    // Ship pydantic, and do not compile models.
    pydantic: { type: 'boolean' },
    // Whether a loop of the bundle's own runs the function, in place of AWS's runtime client.
    runtimeLoop: { type: 'boolean' },
  },
  additionalProperties: false,
};
// Of `custom.bundle`, for all functions.
const SERVICE_SCHEMA = {
  type: 'object',
  properties: {
    checks: { type: 'array', items: { type: 'string' } },
    // By the names of functions. Unlike a function's own, it does no harm without this plugin.
    include: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
    runtimeLoop: { type: 'boolean' },
    target: { enum: ['lambda', 'machine'] },
  },
  additionalProperties: false,
};

/**
 * Replaces the packaged service by an artifact for each Python function.
 *
 * In serverless.yml it must come after serverless-python-requirements. The work is done in Python, by
 * `python -m lambda_bundle` in the project's `.venv`.
 */
module.exports = class Bundle {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless;
    this.log = log;
    const { configSchemaHandler: schemas } = serverless;
    schemas.defineFunctionProperties('aws', { properties: { bundle: FUNCTION_SCHEMA } });
    schemas.defineCustomProperties({ properties: { bundle: SERVICE_SCHEMA } });
    this.hooks = { 'after:package:createDeploymentArtifacts': () => this.bundle() };
  }

  bundle() {
    const { service, serviceDir } = this.serverless;
    const names = service.getAllFunctions().filter((name) => this.isPython(name));
    if (names.length === 0) return;
    if (!service.package.artifact) {
      throw this.error(
        'lambda-bundle does not support `package: individually: true`. Remove it: the plugin makes an ' +
          'artifact for each function itself.',
      );
    }
    if (!existsSync(path.join(serviceDir, '.venv'))) {
      throw this.error(
        'lambda-bundle needs a Python environment in .venv, with pydantic and packaging installed.',
      );
    }
    const output = path.join(serviceDir, '.serverless', 'bundle');
    const request = {
      package: path.resolve(serviceDir, service.package.artifact),
      output,
      cache: path.join(serviceDir, '.cache', 'bundle'),
      checks: service.custom?.bundle?.checks ?? [],
      functions: names.map((name) => this.describe(name)),
    };
    const made = this.run(request);
    this.saveRequest(request, names);
    for (const { function: name, artifact } of made) {
      const definition = service.getFunction(name);
      definition.package = { ...definition.package, individually: true, artifact };
      if (this.hasRuntimeLoop(name)) {
        definition.environment = { ...definition.environment, [WRAPPER_VARIABLE]: WRAPPER };
      }
    }
    this.log.notice(table(made));
  }

  /** Saves the request for dev/deployment.py, which bundles changed sources without serverless. */
  saveRequest(request, names) {
    const { service } = this.serverless;
    const saved = {
      ...request,
      names: Object.fromEntries(names.map((name) => [name, service.getFunction(name).name])),
      patterns: service.package.patterns,
    };
    writeFileSync(path.join(request.output, 'request.json'), JSON.stringify(saved));
  }

  isPython(name) {
    const { image, runtime } = this.serverless.service.getFunction(name);
    return !image && /^python/.test(runtime ?? this.serverless.service.provider.runtime);
  }

  describe(name) {
    const { custom, provider } = this.serverless.service;
    const definition = this.serverless.service.getFunction(name);
    const { include = [], pydantic } = definition.bundle ?? {};
    return {
      name,
      handler: definition.handler,
      runtime: definition.runtime ?? provider.runtime,
      architecture: definition.architecture ?? provider.architecture ?? 'x86_64',
      target: custom?.bundle?.target,
      runtime_loop: this.hasRuntimeLoop(name),
      include: [...include, ...(custom?.bundle?.include?.[name] ?? [])],
      pydantic,
    };
  }

  /** Whether runtime_loop runs a function. It leaves SnapStart, and a wrapper of one's own, alone. */
  hasRuntimeLoop(name) {
    const { custom, provider } = this.serverless.service;
    const { bundle, environment, snapStart } = this.serverless.service.getFunction(name);
    const isWanted = bundle?.runtimeLoop ?? custom?.bundle?.runtimeLoop ?? true;
    const wrapper = { ...provider.environment, ...environment }[WRAPPER_VARIABLE] ?? WRAPPER;
    return isWanted && !snapStart && wrapper === WRAPPER;
  }

  run(request) {
    const { serviceDir } = this.serverless;
    // -E ignores the shell's PYTHON* variables; lambda_bundle/__main__.py sets its own.
    const command = ['-E', '-m', 'lambda_bundle'];
    const python = spawnSync(path.join(serviceDir, '.venv/bin/python'), command, {
      cwd: serviceDir,
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
