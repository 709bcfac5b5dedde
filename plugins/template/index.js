'use strict';

const { addAlarms } = require('./alarms');
const { addDashboard } = require('./dashboard');
const { protectStack, requireTls, retainData } = require('./data');
const { addFirewall } = require('./firewall');
const { correctFunctions } = require('./functions');
const { ofType } = require('./resources');
const { addStage } = require('./stage');
const { checkFunctionNames, setRoleNames, removeRoleNames } = require('./names');

// From the command line, a parameter is a text.
const NUMBER = { anyOf: [{ type: 'number', minimum: 0 }, { type: 'string', pattern: '^[0-9]+$' }] };
const SCHEMA = {
  type: 'object',
  properties: {
    accessLog: { type: 'boolean' },
    alarmEmail: { type: 'string' },
    apiGatewayRole: { enum: ['create', 'exists'] },
    dataDeletion: { enum: ['Delete', 'Retain'] },
    firewallLimit: NUMBER,
    monitoring: { type: 'boolean' },
    reservedConcurrency: NUMBER,
    requireTls: { type: 'boolean' },
    routeMetrics: { type: 'boolean' },
    stageBurstLimit: NUMBER,
    stageRateLimit: NUMBER,
  },
  additionalProperties: false,
};
// Of a function's route, in requests a second, and at once. Otherwise, the stage's limits apply.
const THROTTLE_SCHEMA = {
  type: 'object',
  properties: { rateLimit: { type: 'number' }, burstLimit: { type: 'integer' } },
  required: ['rateLimit', 'burstLimit'],
  additionalProperties: false,
};

/**
 * Corrects and completes the CloudFormation template that serverless and its plugins compile.
 *
 * What this file does itself:
 *
 * - Removes the shared role, which serverless-iam-roles-per-function leaves in though nothing uses it.
 * - Makes the API's deployment depend on the gateway responses. A deployment has only those that exist
 *   when it is created, and serverless makes it depend only on the methods.
 *
 * Each other file beside it adds resources of one topic, by rules that hold for every function, table
 * and queue.
 */
module.exports = class Template {
  constructor(serverless) {
    this.serverless = serverless;
    const { configSchemaHandler: schemas } = serverless;
    schemas.defineCustomProperties({ properties: { template: SCHEMA } });
    schemas.defineFunctionProperties('aws', { properties: { throttle: THROTTLE_SCHEMA } });
    this.hooks = {
      initialize: () => protectStack(serverless.service.provider, serverless.service.custom.template),
      'before:package:initialize': () => this.prepare(),
      // After serverless.yml's own resources have been added.
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.correct(),
    };
  }

  prepare() {
    const { service } = this.serverless;
    const functions = service.getAllFunctions().map((name) => service.getFunction(name));
    checkFunctionNames({
      functions: functions.map(({ name }) => name),
      stage: this.aws.getStage(),
      error: (message) => this.error(message),
    });
    setRoleNames(functions);
    if (service.custom.template.monitoring) {
      // For the metrics of invocation/log.py.
      const { environment } = service.provider;
      service.provider.environment = { ...environment, METRICS_NAMESPACE: service.service };
    }
  }

  correct() {
    const { service } = this.serverless;
    const resources = service.provider.compiledCloudFormationTemplate.Resources;
    for (const name of service.getAllFunctions()) {
      if (service.getFunction(name).iamRoleStatements === undefined) {
        throw this.error(
          `The function ${name} has no iamRoleStatements. Set them, or [] for no permissions.`,
        );
      }
    }
    delete resources[this.aws.naming.getRoleLogicalId()];

    const responses = ofType(resources, 'AWS::ApiGateway::GatewayResponse').map(([id]) => id);
    for (const [, deployment] of ofType(resources, 'AWS::ApiGateway::Deployment')) {
      deployment.DependsOn = [].concat(deployment.DependsOn ?? [], responses);
    }
    removeRoleNames(resources);

    const context = {
      ...service.custom.template,
      functions: service.functions,
      service: service.service,
      stage: this.aws.getStage(),
      tags: service.provider.stackTags ?? {},
      logRetentionInDays: this.aws.getLogRetentionInDays(),
    };
    correctFunctions(resources, context);
    retainData(resources, context);
    if (context.requireTls) requireTls(resources);
    addStage(resources, context);
    addFirewall(resources, context);
    if (context.monitoring) {
      addAlarms(resources, context);
      addDashboard(resources, context);
    }
  }

  get aws() {
    return this.serverless.getProvider('aws');
  }

  error(message) {
    return new this.serverless.classes.Error(message);
  }
};
