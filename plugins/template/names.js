'use strict';

const { ofType } = require('./resources');

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const FUNCTION_NAME_MAX = 64;

/** Checks, before anything is packaged, that the stage's name leaves the functions' names short enough. */
exports.checkFunctionNames = ({ functions, stage, error }) => {
  const longest = functions.reduce((one, other) => (other.length > one.length ? other : one), '');
  const excess = longest.length - FUNCTION_NAME_MAX;
  if (excess > 0) {
    throw error(
      `The stage name ${stage} is too long: the function name ${longest} would have ` +
        `${longest.length} characters, and Lambda allows ${FUNCTION_NAME_MAX}. Use at most ` +
        `${stage.length - excess} characters for the stage.`,
    );
  }
};

/**
 * CloudFormation names the roles, because a role's name may have only 64 characters too, and would
 * contain the region besides. serverless-iam-roles-per-function insists on names that fit, so it gets
 * short ones first.
 */
exports.setRoleNames = (functions) => {
  for (const each of functions) each.iamRoleStatementsName = 'by-cloudformation';
};
exports.removeRoleNames = (resources) => {
  for (const [, role] of ofType(resources, 'AWS::IAM::Role')) delete role.Properties.RoleName;
};
