'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const ALLOW = {
  usage: 'Logical id of a resource that may be replaced or deleted, with its data',
  type: 'multiple',
};

/**
 * Adds the command `serverless plan`, which says what a deploy would change, and fails if that replaces
 * or deletes a table, a queue, or what else cannot be made again. On stages whose stack is protected,
 * `serverless deploy` plans first. What is allowed there, the stack policy allows for that deploy.
 *
 * This part gets what is deployed; `python -m plugins.plan` compares it with the compiled template.
 */
module.exports = class Plan {
  constructor(serverless, options, { writeText }) {
    this.serverless = serverless;
    this.options = options;
    this.writeText = writeText;
    this.commands = {
      plan: {
        usage: 'Say what a deploy would change',
        lifecycleEvents: ['plan'],
        options: { allow: ALLOW },
      },
      deploy: { options: { allow: ALLOW } },
    };
    this.hooks = {
      'before:plan:plan': () => serverless.pluginManager.spawn('package'),
      'plan:plan': () => this.plan(),
      'before:aws:deploy:deploy:createStack': () => this.planDeploy(),
      'after:deploy:deploy': () => this.restorePolicy(),
      error: () => this.restorePolicy(),
    };
  }

  async planDeploy() {
    const { provider } = this.serverless.service;
    if (!provider.deletionProtection) return;
    await this.plan();
    if (this.options.allow && (await this.describeStack()).status) {
      this.policy = provider.stackPolicy;
      provider.stackPolicy = exempt(this.policy, this.options.allow); // Sent with the update, too.
      await this.setPolicy(provider.stackPolicy);
    }
  }

  async restorePolicy() {
    if (!this.policy) return;
    await this.setPolicy(this.policy);
    this.policy = undefined;
  }

  async setPolicy(Statement) {
    const { sdk, client } = await this.getCloudFormation();
    const StackPolicyBody = JSON.stringify({ Statement });
    await client.send(new sdk.SetStackPolicyCommand({ StackName: this.stack, StackPolicyBody }));
  }

  async plan() {
    const { serviceDir } = this.serverless;
    // Whoever only deploys has no cfn-lint yet. This does nothing if it is installed.
    this.run(process.execPath, ['dev/setup.mjs', 'dev']);
    const python = path.join(serviceDir, '.venv/bin/python');
    const planned = this.run(python, ['-m', 'plugins.plan'], JSON.stringify(await this.describe()));
    this.writeText(planned.stdout.trimEnd());
    if (planned.status !== 0) throw this.error('The plan was refused; nothing is deployed.');
  }

  get provider() {
    return this.serverless.getProvider('aws');
  }

  async getCloudFormation() {
    const sdk = require('@aws-sdk/client-cloudformation');
    return { sdk, client: new sdk.CloudFormationClient(await this.provider.getAwsSdkV3Config()) };
  }

  get stack() {
    return this.provider.naming.getStackName();
  }

  async describe() {
    const { service } = this.serverless;
    const { status, deployed } = await this.describeStack();
    const functions = service.getAllFunctions().map((name) => service.getFunction(name));
    return {
      stack: this.stack,
      region: this.provider.getRegion(),
      stage: this.provider.getStage(),
      status,
      deployed,
      packaged: service.provider.compiledCloudFormationTemplate,
      digests: Object.fromEntries(functions.map(({ name, package: made }) => [name, digest(made)])),
      deployed_digests: await this.getDigests(deployed),
      allowed: this.options.allow ?? [],
    };
  }

  /** Returns the status and the template of the stack, or nulls if there is none. */
  async describeStack() {
    const { sdk, client } = await this.getCloudFormation();
    try {
      const { Stacks } = await client.send(new sdk.DescribeStacksCommand({ StackName: this.stack }));
      const { TemplateBody } = await client.send(new sdk.GetTemplateCommand({ StackName: this.stack }));
      return { status: Stacks[0].StackStatus, deployed: JSON.parse(TemplateBody) };
    } catch (error) {
      if (!/does not exist/.test(error.message)) throw error;
      return { status: null, deployed: null };
    }
  }

  /** Returns the digest of the deployed code of each function, as serverless noted it in the bucket. */
  async getDigests(template) {
    const sdk = require('@aws-sdk/client-s3');
    const client = new sdk.S3Client(await this.provider.getAwsSdkV3Config());
    const digests = {};
    const Bucket = template && (await this.provider.getServerlessDeploymentBucketName());
    for (const { Type, Properties } of Object.values(template?.Resources ?? {})) {
      if (Type !== 'AWS::Lambda::Function' || !Properties.Code.S3Key) continue;
      const command = new sdk.HeadObjectCommand({ Bucket, Key: Properties.Code.S3Key });
      try {
        digests[Properties.FunctionName] = (await client.send(command)).Metadata?.filesha256;
      } catch (error) {
        const status = error.$metadata?.httpStatusCode; // A response to HEAD has no other reason.
        if (status === 403) throw this.error(`Access denied: s3:GetObject in the bucket ${Bucket}.`);
        if (status !== 404) throw error; // Somebody deleted it: the code counts as changed.
      }
    }
    return digests;
  }

  run(command, args, input = '') {
    const { serviceDir: cwd } = this.serverless;
    const done = spawnSync(command, args, { cwd, input, encoding: 'utf8', maxBuffer: 2 ** 26 });
    if (done.error || ![0, 3].includes(done.status)) {
      throw this.error(done.error?.message ?? done.stderr.trim());
    }
    return done;
  }

  error(message) {
    return new this.serverless.classes.Error(message);
  }
};

/** Returns a stack policy that denies nothing to these resources. */
function exempt(policy, ids) {
  const NotResource = ids.map((id) => `LogicalResourceId/${id}`);
  return policy.map(({ Resource, ...statement }) => {
    return { ...statement, ...(statement.Effect === 'Deny' ? { NotResource } : { Resource }) };
  });
}

/** Returns the digest of an artifact as serverless notes it: SHA-256, in base64. */
function digest({ artifact }) {
  return createHash('sha256').update(readFileSync(artifact)).digest('base64');
}
