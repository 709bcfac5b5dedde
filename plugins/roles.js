'use strict';

/**
 * Finishes what serverless-iam-roles-per-function begins, after which it is listed: a function may
 * not make its log group anew, without the retention that ours has, and the shared role that every
 * function's was cloned from goes, since nothing uses it.
 */
module.exports = class Roles {
  constructor(serverless) {
    this.hooks = { 'before:package:finalize': () => this.tighten(serverless) };
  }

  tighten(serverless) {
    const resources = serverless.service.provider.compiledCloudFormationTemplate.Resources;
    const shared = serverless.getProvider('aws').naming.getRoleLogicalId();
    for (const name of serverless.service.getAllFunctions()) {
      if (serverless.service.getFunction(name).iamRoleStatements === undefined) {
        throw new serverless.classes.Error(`${name} has no iamRoleStatements; [] grants nothing.`);
      }
    }
    delete resources[shared];
    for (const { Type, Properties } of Object.values(resources)) {
      if (Type !== 'AWS::IAM::Role') continue;
      for (const { PolicyDocument } of Properties.Policies ?? []) {
        for (const statement of PolicyDocument.Statement) {
          const actions = [].concat(statement.Action);
          statement.Action = actions.filter((action) => action !== 'logs:CreateLogGroup');
        }
      }
    }
  }
};
