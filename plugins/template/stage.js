'use strict';

const { ofType, tagList } = require('./resources');

const STAGE = 'ApiGatewayStage';
// No address, no user agent and no key. A client can choose `requestId`, which the functions' logs and
// error responses have, but not `extendedRequestId`.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
const ACCESS_LOG_FORMAT = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTimeEpoch', // Milliseconds.
  route: '$context.httpMethod $context.resourcePath',
  status: '$context.status',
  latency: '$context.responseLatency', // Milliseconds, as are the next.
  integrationLatency: '$context.integration.latency',
  integrationStatus: '$context.integration.status', // The function's.
  lambdaStatus: '$context.integration.integrationStatus', // Not 200: the function did not run.
  gatewayError: '$context.error.responseType', // Such as THROTTLED. No messages, which may have quotes.
};

/**
 * Gives the API a stage of its own resource, with throttling, an access log and metrics.
 *
 * serverless lets the deployment create the stage. Only the first deployment could set the stage's
 * properties: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
 */
exports.addStage = (resources, context) => {
  const [[deploymentId, deployment] = []] = ofType(resources, 'AWS::ApiGateway::Deployment');
  if (!deployment) return;
  const { RestApiId, StageName } = deployment.Properties;
  delete deployment.Properties.StageName;
  for (const resource of Object.values(resources)) {
    // API keys and usage plans need the stage.
    if (resource.DependsOn) resource.DependsOn = replace(resource.DependsOn, deploymentId, STAGE);
  }
  const properties = {
    RestApiId,
    StageName,
    DeploymentId: { Ref: deploymentId },
    MethodSettings: methodSettings(context),
    Tags: tagList(context.tags),
  };
  resources[STAGE] = { Type: 'AWS::ApiGateway::Stage', Properties: properties };
  if (context.accessLog) {
    properties.AccessLogSetting = {
      DestinationArn: { 'Fn::GetAtt': ['ApiAccessLog', 'Arn'] },
      Format: JSON.stringify(ACCESS_LOG_FORMAT),
    };
    resources.ApiAccessLog = {
      Type: 'AWS::Logs::LogGroup',
      Properties: {
        // Not /aws/api-gateway/…: serverless deletes a group of that name after each deploy.
        LogGroupName: `/aws/apigateway/${context.service}-${context.stage}`,
        RetentionInDays: context.logRetentionInDays,
      },
    };
    if (context.apiGatewayRole === 'create') {
      Object.assign(resources, ACCOUNT);
      resources[STAGE].DependsOn = 'ApiGatewayAccount';
    }
  }
};

const replace = (list, from, to) => {
  const replaced = [].concat(list).map((each) => (each === from ? to : each));
  return Array.isArray(list) ? replaced : replaced[0];
};

/** The limits of every route, and those of routes that have their own. */
const methodSettings = ({ functions, routeMetrics, stageBurstLimit, stageRateLimit }) => {
  const settings = (ResourcePath, HttpMethod, rateLimit, burstLimit) => ({
    ResourcePath,
    HttpMethod,
    ThrottlingRateLimit: Number(rateLimit),
    ThrottlingBurstLimit: Number(burstLimit),
    MetricsEnabled: routeMetrics,
    // API Gateway's own log would have bodies and headers.
    DataTraceEnabled: false,
    LoggingLevel: 'OFF',
  });
  const own = Object.values(functions).flatMap(({ throttle, events }) =>
    events
      .filter(({ http }) => http && throttle)
      .map(({ http: { method, path } }) => {
        const { rateLimit, burstLimit } = throttle;
        return settings(encode(path), method.toUpperCase(), rateLimit, burstLimit);
      }),
  );
  return [settings('/*', '*', stageRateLimit, stageBurstLimit), ...own];
};

/** Return a path as method settings have it: `/users/{id}` becomes `/~1users~1{id}`. */
const encode = (path) => {
  const trimmed = path.replace(/^\/|\/$/g, '');
  return trimmed ? `/~1${trimmed.replaceAll('/', '~1')}` : '/';
};

/**
 * The role with which API Gateway writes logs. An account has one in each region, for all its APIs. So
 * the role stays when the stack is deleted: other APIs may need it.
 */
const ACCOUNT = {
  ApiGatewayRole: {
    Type: 'AWS::IAM::Role',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'apigateway.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      ManagedPolicyArns: [
        {
          'Fn::Sub':
            'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
        },
      ],
    },
  },
  ApiGatewayAccount: {
    Type: 'AWS::ApiGateway::Account',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: { CloudWatchRoleArn: { 'Fn::GetAtt': ['ApiGatewayRole', 'Arn'] } },
  },
};
