'use strict';

const { existsSync, readdirSync, renameSync } = require('node:fs');
const path = require('node:path');
const { hasRuntimeLoop, isDeployedWithRuntimeLoop, setRuntimeLoop } = require('./runtime-loop.js');

const PACKAGER = 'serverless-python-requirements';
const MODULE = /^([A-Za-z_]\w*)(\.py|\..*\.so|\.so)?$/; // The name of a module's file or folder.

/** The functions of a service that can be bundled, and what the bundler must know of each. */
class Functions {
  constructor(serverless) {
    this.service = serverless.service;
    this.serviceDir = serverless.serviceDir;
  }

  get settings() {
    return this.service.custom?.bundle ?? {};
  }

  runtimeOf(name) {
    return this.service.getFunction(name).runtime ?? this.service.provider.runtime ?? '';
  }

  /** Whether a function is to be bundled: one of Python, in a zip, that does not say otherwise. */
  isWanted(name) {
    const { bundle, image, package: own } = this.service.getFunction(name);
    const isPython = !image && /^python\d/.test(this.runtimeOf(name));
    return isPython && bundle !== false && !own?.disable;
  }

  /** Returns the path of the zip that Serverless would deploy, or undefined. */
  artifactOf(name) {
    const { package: own } = this.service.getFunction(name);
    const artifact = own?.artifact ?? this.service.package.artifact;
    return artifact && path.resolve(this.serviceDir, artifact);
  }

  /** Has Serverless deploy the artifacts of the bundler's results. */
  use(made) {
    const taken = this.listOtherNames(new Set(made.map((each) => each.function)));
    for (const each of made) {
      const definition = this.service.getFunction(each.function);
      if (taken.has(path.basename(each.artifact))) {
        const renamed = each.artifact.replace(/\.zip$/, '.bundle.zip');
        renameSync(each.artifact, renamed);
        each.artifact = renamed;
      }
      definition.package = { ...definition.package, individually: true, artifact: each.artifact };
      if (hasRuntimeLoop(this.service, each.function)) setRuntimeLoop(definition);
    }
  }

  /** Has a function whose deployed artifact has the loop go on to start by it. */
  keepRuntimeLoop(name) {
    const isKept = this.isWanted(name) && hasRuntimeLoop(this.service, name);
    if (isKept && isDeployedWithRuntimeLoop(this.service)) {
      setRuntimeLoop(this.service.getFunction(name));
    }
  }

  /** Returns the names of other files that Serverless uploads to the folder in S3 that all share. */
  listOtherNames(bundled) {
    const others = this.service.getAllFunctions().filter((name) => !bundled.has(name));
    const layers = Object.values(this.service.layers ?? {});
    const artifacts = layers.map((layer) => layer?.package?.artifact ?? layer?.artifact);
    const uploaded = [...others.map((name) => this.artifactOf(name)), ...artifacts];
    return new Set(uploaded.filter(Boolean).map((each) => path.basename(each)));
  }

  /** Returns why a function cannot be bundled, or null. */
  findObstacle(name) {
    if (this.requirements.zip) {
      return (
        `it unzips its requirements at each start: ${PACKAGER} has the option \`zip\`. Remove the ` +
        'option and `import unzip_requirements`.'
      );
    }
    if (existsSync(this.artifactOf(name) ?? '')) return null;
    const { package: own } = this.service.getFunction(name);
    return `its artifact ${own?.artifact ?? this.service.package.artifact} is not a file here.`;
  }

  /** Returns a function as lambda_bundle/function.py describes it. */
  describe(name) {
    const { provider } = this.service;
    const definition = this.service.getFunction(name);
    const own = definition.bundle ?? {};
    const external = [
      ...(own.external ?? []),
      ...(this.settings.external ?? []),
      ...this.findModulesOfLayers(),
      // A layer may have any module, also the handler's.
      ...((definition.layers ?? provider.layers ?? []).length > 0 ? ['*'] : []),
    ];
    return {
      name,
      handler: definition.handler,
      runtime: this.runtimeOf(name),
      architecture: definition.architecture ?? provider.architecture ?? 'x86_64',
      target: this.settings.target,
      data: this.settings.data,
      minify: this.settings.minify,
      runtime_loop:
        hasRuntimeLoop(this.service, name) || isDeployedWithRuntimeLoop(this.service),
      include: [...(own.include ?? []), ...(this.settings.include?.[name] ?? [])],
      external,
      python_path: this.pythonPathOf(name),
      environment: this.environmentOf(name),
      pydantic: (own.models ?? this.settings.models) === false,
      strict: this.settings.strict,
    };
  }

  /** Returns a function's variables, as far as they are known before the deploy. */
  environmentOf(name) {
    const { environment } = this.service.getFunction(name);
    const variables = Object.entries({ ...this.service.provider.environment, ...environment });
    const isKnown = ([, value]) => ['string', 'number', 'boolean'].includes(typeof value);
    return Object.fromEntries(variables.filter(isKnown).map(([key, value]) => [key, String(value)]));
  }

  /** Returns the folders of a function's variable PYTHONPATH. */
  pythonPathOf(name) {
    return (this.environmentOf(name).PYTHONPATH ?? '').split(':').filter(Boolean);
  }

  get requirements() {
    return this.service.custom?.pythonRequirements ?? {};
  }

  /** Returns the names of the modules that the service's own layers bring, at the top level. */
  findModulesOfLayers() {
    const layers = Object.values(this.service.layers ?? {}).filter((layer) => layer?.path);
    const folders = layers.map(({ path: folder }) => path.resolve(this.serviceDir, folder, 'python'));
    if (this.requirements.layer) {
      folders.push(path.join(this.serviceDir, '.serverless', 'requirements'));
    }
    const libraries = folders.flatMap((folder) =>
      list(path.join(folder, 'lib')).map((each) => path.join(folder, 'lib', each, 'site-packages')),
    );
    const names = [...folders, ...libraries].flatMap(list).map((name) => MODULE.exec(name)?.[1]);
    return [...new Set(names)].filter((name) => name && name !== '__pycache__').sort();
  }
}

const list = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

module.exports = { Functions };
