'use strict';

/**
 * Finishes in the CloudFormation template what others begin.
 *
 * serverless-iam-roles-per-function leaves the shared role that it cloned each function's from, which
 * nothing uses, and lets functions make their log groups anew, without the retention that ours have.
 *
 * API Gateway serves the gateway responses that were there when the deployment was made, but
 * serverless makes it wait for the methods alone.
 */
module.exports = class Template {
  constructor(serverless) {
    // Once serverless.yml's own resources are among the others.
    const merged = 'after:aws:package:finalize:mergeCustomProviderResources';
    this.hooks = { [merged]: () => this.finish(serverless) };
  }

  finish(serverless) {
    const resources = serverless.service.provider.compiledCloudFormationTemplate.Resources;
    for (const name of serverless.service.getAllFunctions()) {
      if (serverless.service.getFunction(name).iamRoleStatements === undefined) {
        throw new serverless.classes.Error(`${name} has no iamRoleStatements; [] grants nothing.`);
      }
    }
    delete resources[serverless.getProvider('aws').naming.getRoleLogicalId()];

    const entries = Object.entries(resources);
    const responses = entries.filter(([, { Type }]) => Type === 'AWS::ApiGateway::GatewayResponse');
    for (const [, resource] of entries) {
      if (resource.Type === 'AWS::IAM::Role') this.tighten(resource.Properties.Policies ?? []);
      if (resource.Type === 'AWS::ApiGateway::Deployment') {
        resource.DependsOn = [].concat(resource.DependsOn ?? [], responses.map(([name]) => name));
      }
    }
  }

  tighten(policies) {
    for (const statement of policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
      const actions = [].concat(statement.Action);
      statement.Action = actions.filter((action) => action !== 'logs:CreateLogGroup');
    }
  }
};
