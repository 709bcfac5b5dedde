'use strict';

/**
 * Corrects the CloudFormation template that serverless and its plugins compile.
 *
 * - Removes the shared role, which serverless-iam-roles-per-function leaves in though nothing uses it.
 * - Removes the permission to create log groups. The template has them; one that a function created
 *   would keep its log forever.
 * - Makes the API's deployment depend on the gateway responses. A deployment has only those that exist
 *   when it is created, and serverless makes it depend only on the methods.
 * - Adds to preflight responses the header that all responses of gateway/ have.
 */
module.exports = class Template {
  constructor(serverless) {
    // After serverless.yml's own resources have been added.
    const merged = 'after:aws:package:finalize:mergeCustomProviderResources';
    this.hooks = { [merged]: () => this.correct(serverless) };
  }

  correct(serverless) {
    const resources = serverless.service.provider.compiledCloudFormationTemplate.Resources;
    for (const name of serverless.service.getAllFunctions()) {
      if (serverless.service.getFunction(name).iamRoleStatements === undefined) {
        throw new serverless.classes.Error(
          `The function ${name} has no iamRoleStatements. Set them, or [] for no permissions.`,
        );
      }
    }
    delete resources[serverless.getProvider('aws').naming.getRoleLogicalId()];

    const entries = Object.entries(resources);
    const responses = entries.filter(([, { Type }]) => Type === 'AWS::ApiGateway::GatewayResponse');
    for (const [, resource] of entries) {
      if (resource.Type === 'AWS::IAM::Role') this.removeCreateLogGroup(resource.Properties);
      if (resource.Type === 'AWS::ApiGateway::Method') this.forbidSniffing(resource.Properties);
      if (resource.Type === 'AWS::ApiGateway::Deployment') {
        resource.DependsOn = [].concat(resource.DependsOn ?? [], responses.map(([name]) => name));
      }
    }
  }

  forbidSniffing({ HttpMethod, Integration, MethodResponses }) {
    if (HttpMethod !== 'OPTIONS' || Integration.Type !== 'MOCK') return;
    const header = 'method.response.header.X-Content-Type-Options';
    for (const response of MethodResponses) response.ResponseParameters[header] = true;
    for (const response of Integration.IntegrationResponses) {
      response.ResponseParameters[header] = "'nosniff'";
    }
  }

  removeCreateLogGroup({ Policies = [] }) {
    for (const statement of Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
      const actions = [].concat(statement.Action);
      statement.Action = actions.filter((action) => action !== 'logs:CreateLogGroup');
    }
  }
};
