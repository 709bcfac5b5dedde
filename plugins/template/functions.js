'use strict';

const { ofType } = require('./resources');

// X-Ray's actions take no resource.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
const SEND_TRACES = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

/**
 * Corrects the functions and their roles.
 *
 * - Removes the permission to create log groups. The template has them; one that a function created
 *   would keep its log forever.
 * - Removes the functions' dependencies on their roles, which their references to these already make.
 * - Allows functions to send traces if they are traced.
 * - Reserves concurrency for each function, if a parameter says how much.
 */
exports.correctFunctions = (resources, { reservedConcurrency }) => {
  for (const [, { Properties }] of ofType(resources, 'AWS::IAM::Role')) removeCreateLogGroup(Properties);
  for (const [, definition] of ofType(resources, 'AWS::Lambda::Function')) {
    const { Properties } = definition;
    const roleId = Properties.Role['Fn::GetAtt'][0];
    definition.DependsOn = [].concat(definition.DependsOn ?? []).filter((id) => id !== roleId);
    if (Properties.TracingConfig?.Mode === 'Active') {
      resources[roleId].Properties.Policies[0].PolicyDocument.Statement.push(SEND_TRACES);
    }
    if (Number(reservedConcurrency) > 0) {
      Properties.ReservedConcurrentExecutions ??= Number(reservedConcurrency);
    }
  }
};

const removeCreateLogGroup = ({ Policies = [] }) => {
  for (const statement of Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
    const actions = [].concat(statement.Action);
    statement.Action = actions.filter((action) => action !== 'logs:CreateLogGroup');
  }
};
