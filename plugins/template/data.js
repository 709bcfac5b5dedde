'use strict';

const { denyPlainHttp, ofType } = require('./resources');

const DATA = ['AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret'];
// What a deploy must not delete or replace where data is retained: data, what is under way, and the URL.
const PROTECTED = [...DATA, 'AWS::SQS::Queue', 'AWS::ApiGateway::RestApi'];

const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' };
const DENY = {
  Effect: 'Deny',
  Principal: '*',
  Action: ['Update:Replace', 'Update:Delete'],
  Resource: '*',
  Condition: { StringEquals: { ResourceType: PROTECTED } },
};

/** Sets the protection of the whole stack, which is no part of the template. */
exports.protectStack = (provider, { dataDeletion }) => {
  const isRetained = dataDeletion === 'Retain';
  provider.deletionProtection = isRetained;
  provider.stackPolicy = isRetained ? [ALLOW, DENY] : [ALLOW];
};

/**
 * Retains tables and secrets when the stack is deleted, except after a first deploy that fails: they are
 * empty then, and the next deploy would not use them.
 *
 * plugins/protection also protects the tables themselves.
 */
exports.retainData = (resources, { dataDeletion }) => {
  for (const [, resource] of DATA.flatMap((type) => ofType(resources, type))) {
    resource.DeletionPolicy = dataDeletion === 'Retain' ? 'RetainExceptOnCreate' : 'Delete';
    resource.UpdateReplacePolicy = dataDeletion;
  }
};

/** Refuses requests without TLS to every queue. */
exports.requireTls = (resources) => {
  for (const [queue] of ofType(resources, 'AWS::SQS::Queue')) {
    resources[`${queue}Policy`] = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: queue }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [denyPlainHttp('sqs:*', { 'Fn::GetAtt': [queue, 'Arn'] })],
        },
      },
    };
  }
};
