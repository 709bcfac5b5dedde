'use strict';

const { mkdirSync } = require('node:fs');
const path = require('node:path');
const { BundlerCrash, runBundlers } = require('./plugin/bundler.js');
const { findCache } = require('./plugin/cache.js');
const { Functions } = require('./plugin/functions.js');
const { findProblem, findUnknownFunctions } = require('./plugin/options.js');
const { Problem } = require('./plugin/problem.js');
const { explainMissing, Pythons } = require('./plugin/python.js');
const { formatLeft, formatMade, formatWarnings, saveReport, saveRequest } = require('./plugin/report.js');

/**
 * Replaces what Serverless has packaged by an artifact for each Python function.
 *
 * The work is done in Python, by lambda_bundle.
 */
module.exports = class Bundle {
  constructor(serverless, options, { log }) {
    this.serverless = serverless;
    this.options = options;
    this.log = log;
    const { configSchemaHandler: schemas } = serverless;
    // Anything: checkOptions has better messages.
    schemas.defineFunctionProperties('aws', { properties: { bundle: {} } });
    schemas.defineCustomProperties({ properties: { bundle: {} } });
    // Bundling comes after the hooks of all plugins that change the packaged artifacts, such as
    // serverless-python-requirements, wherever they are in the list of plugins.
    this.hooks = {
      'before:package:initialize': () => this.report(() => this.checkOptions()),
      'before:package:compileLayers': () => this.report(() => this.bundleAll()),
      'before:deploy:function:packageFunction': () => this.report(() => this.checkOptions()),
      'before:deploy:function:deploy': () => this.report(() => this.bundleOne()),
    };
  }

  get settings() {
    return this.serverless.service.custom?.bundle ?? {};
  }

  get output() {
    return path.join(this.serverless.serviceDir, '.serverless', 'bundle');
  }

  /** Does some work; its Problem becomes an error of Serverless, which shows no stack trace. */
  async report(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new this.serverless.classes.Error(`lambda-bundle: ${error.message}`);
    }
  }

  checkOptions() {
    const problem = findProblem(this.serverless.service);
    if (problem) throw new Problem(problem);
    for (const name of findUnknownFunctions(this.serverless.service)) {
      this.log.warning(`custom.bundle.include.${name}: there is no function ${name}.`);
    }
  }

  async bundleAll() {
    await this.bundle(this.serverless.service.getAllFunctions());
  }

  /** Bundles the function of `deploy function`, unless that updates only its configuration. */
  async bundleOne() {
    const { function: name, 'update-config': isConfiguration } = this.options;
    if (!isConfiguration) await this.bundle([name]);
    else new Functions(this.serverless).keepRuntimeLoop(name);
  }

  /** Bundles those of the functions that can be, and says what has become of each. */
  async bundle(names) {
    const functions = new Functions(this.serverless);
    const wanted = names.filter((name) => functions.isWanted(name));
    if (wanted.length === 0) return;
    const { runs, left } = this.plan(functions, wanted);
    const made = await this.run(runs, left);
    if (this.settings.strict && left.length > 0) {
      throw new Problem(`\`strict\` is on.\n${formatLeft(left)}`);
    }
    functions.use(made);
    saveReport(this.output, made, left);
    if (runs.length === 1) saveRequest(this.output, runs[0].request, this.serverless.service);
    if (made.length > 0) this.log.notice(formatMade(made));
    for (const text of [formatWarnings(made), formatLeft(left)]) if (text) this.log.warning(text);
  }

  /**
   * Returns the runs of the bundler that are needed, one for each interpreter and each artifact that
   * Serverless has packaged; and the functions that cannot be bundled, each with the reason.
   */
  plan(functions, names) {
    const pythons = new Pythons(this.serverless.serviceDir, this.settings.python);
    const runs = new Map();
    const left = [];
    for (const name of names) {
      const [artifact, runtime] = [functions.artifactOf(name), functions.runtimeOf(name)];
      const obstacle = functions.findObstacle(name);
      const python = obstacle ? null : pythons.find(runtime);
      if (!python) {
        left.push({ function: name, why: obstacle ?? explainMissing(runtime) });
        continue;
      }
      const key = JSON.stringify([python, artifact]);
      if (!runs.has(key)) runs.set(key, { python, request: this.makeRequest(artifact) });
      runs.get(key).request.functions.push(functions.describe(name));
    }
    return { runs: [...runs.values()], left };
  }

  /** Returns a request without functions; lambda_bundle/bundle.py describes it. */
  makeRequest(artifact) {
    const { cache, checks = [] } = this.settings;
    return {
      package: artifact,
      output: this.output,
      cache: findCache(this.serverless.serviceDir, cache),
      checks,
      functions: [],
    };
  }

  /** Runs the bundler. Returns its results; adds to `left` the functions that it did not bundle. */
  async run(runs, left) {
    mkdirSync(this.output, { recursive: true });
    const outcomes = await runBundlers(runs, this.serverless.serviceDir);
    return outcomes.flatMap((outcome, index) => {
      if (!(outcome instanceof BundlerCrash)) {
        const tooLarge = outcome.filter((each) => each.left);
        left.push(...tooLarge.map((each) => ({ function: each.function, why: each.left })));
        return outcome.filter((each) => !each.left);
      }
      const why = `the bundler failed, which is a mistake of its own:\n${outcome.message}`;
      left.push(...runs[index].request.functions.map(({ name }) => ({ function: name, why })));
      return [];
    });
  }
};
