'use strict';

const { denyPlainHttp, ofType, pascalCase } = require('./resources');

const TOPIC = 'Alarms';
const MINUTE_S = 60;
const RATE_OF_5XX_MAX = 0.01;
const LATENCY_P99_MAX_MS = 2000; // A cold start takes well under a second.
const QUEUE_AGE_MAX_S = 900; // Over four times 210 s: a message may crash its function four times.
const STREAM_AGE_MAX_MS = 60_000;

/**
 * Adds an alarm for whatever can fail without anybody noticing: the API, every function, table, queue
 * and stream. All notify one topic.
 */
exports.addAlarms = (resources, { alarmEmail, functions }) => {
  const alarms = {
    ...ofApi(resources),
    ...ofFunctions(functions, resources),
    ...ofStreams(resources),
    ...ofTables(resources),
    ...ofQueues(resources),
  };
  for (const [name, properties] of Object.entries(alarms)) {
    resources[`${name}Alarm`] = {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmActions: [{ Ref: TOPIC }],
        OKActions: [{ Ref: TOPIC }],
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Threshold: 0,
        TreatMissingData: 'notBreaching',
        ...properties,
      },
    };
  }
  resources[TOPIC] = { Type: 'AWS::SNS::Topic' };
  resources[`${TOPIC}Policy`] = {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: TOPIC }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: { Ref: TOPIC },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
          denyPlainHttp('sns:Publish', { Ref: TOPIC }),
        ],
      },
    },
  };
  if (alarmEmail) {
    resources[`${TOPIC}Email`] = {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: TOPIC }, Protocol: 'email', Endpoint: alarmEmail },
    };
  }
};

const metric = (Namespace, MetricName, dimensions, minutes = 5) => ({
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  Period: minutes * MINUTE_S,
  Statistic: 'Sum',
});

const ofApi = (resources) => {
  const [[, stage] = []] = ofType(resources, 'AWS::ApiGateway::Stage');
  if (!stage) return {};
  const [[, api]] = ofType(resources, 'AWS::ApiGateway::RestApi');
  const of = (name) =>
    metric('AWS/ApiGateway', name, {
      ApiName: api.Properties.Name,
      Stage: stage.Properties.StageName,
    });
  const { Statistic, ...latency } = of('Latency');
  return {
    ApiErrors: {
      ...of('5XXError'),
      AlarmDescription: 'Over 1 % of responses have a status of 500 or more. The access log has the routes.',
      Statistic: 'Average', // The rate: each response counts as 0 or 1.
      Threshold: RATE_OF_5XX_MAX,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2, // One error among few requests is a high rate, too.
    },
    ApiLatency: {
      ...latency,
      AlarmDescription: '1 % of responses take over 2 seconds. The access log has the routes.',
      ExtendedStatistic: 'p99',
      Threshold: LATENCY_P99_MAX_MS,
      EvaluationPeriods: 3,
    },
  };
};

const ofFunctions = (functions, resources) => {
  const names = ofType(resources, 'AWS::Lambda::Function').map(([, each]) => each.Properties.FunctionName);
  const own = Object.entries(functions).filter(([, { name }]) => names.includes(name));
  return Object.fromEntries(
    own.flatMap(([key, { name }]) => [
      [
        `${pascalCase(key)}Errors`,
        {
          ...metric('AWS/Lambda', 'Errors', { FunctionName: name }),
          AlarmDescription: `The function ${key} crashed or timed out. Its log has the reason.`,
        },
      ],
      [
        `${pascalCase(key)}Throttles`,
        {
          ...metric('AWS/Lambda', 'Throttles', { FunctionName: name }),
          AlarmDescription: `The function ${key} was throttled: too many of it or of all functions ran at once.`,
        },
      ],
    ]),
  );
};

/**
 * Lambda reports the age of a stream's records only when a batch finishes, so a stream that has stopped
 * has none. But it reports how many it polled, even if 0, while it polls.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
const ofStreams = (resources) =>
  Object.fromEntries(
    ofType(resources, 'AWS::Lambda::EventSourceMapping')
      .filter(([, { Properties }]) => Properties.StartingPosition)
      .flatMap(([id, { Properties }]) => {
        Properties.MetricsConfig = { Metrics: ['EventCount'] };
        const stream = `${Properties.EventSourceArn['Fn::GetAtt'][0]}Stream`;
        const ofSource = (name) =>
          metric('AWS/Lambda', name, { EventSourceMappingUUID: { Ref: id } });
        const ofFunction = (name) =>
          metric('AWS/Lambda', name, { FunctionName: { Ref: Properties.FunctionName['Fn::GetAtt'][0] } });
        return [
          [
            `${stream}Stopped`,
            {
              ...ofSource('PolledEventCount'),
              AlarmDescription: `Lambda has not polled the ${stream} for 15 minutes.`,
              ComparisonOperator: 'LessThanThreshold',
              EvaluationPeriods: 3,
              TreatMissingData: 'breaching',
            },
          ],
          [
            `${stream}Failures`,
            {
              ...ofSource('FailedInvokeEventCount'),
              AlarmDescription: `Records of the ${stream} have failed for 10 minutes, and hold up those after them.`,
              EvaluationPeriods: 2,
            },
          ],
          [
            `${stream}Age`,
            {
              ...ofFunction('IteratorAge'),
              AlarmDescription: `Records have been in the ${stream} for over a minute, three minutes in a row.`,
              Period: MINUTE_S,
              Statistic: 'Maximum',
              EvaluationPeriods: 3,
              Threshold: STREAM_AGE_MAX_MS,
            },
          ],
          [
            `${stream}Loss`,
            {
              ...ofFunction('DestinationDeliveryFailures'),
              AlarmDescription: `Lambda could not write dead letters of the ${stream}.`,
            },
          ],
        ];
      }),
  );

/** The metrics have the operation as a dimension, so a query adds them up. */
const ofTables = (resources) =>
  Object.fromEntries(
    ofType(resources, 'AWS::DynamoDB::Table').flatMap(([id]) => {
      const sum = (name) => [
        {
          Id: 'total',
          Expression: {
            'Fn::Sub':
              `SELECT SUM(${name}) FROM SCHEMA("AWS/DynamoDB", Operation, TableName) ` +
              `WHERE TableName = '\${${id}}'`,
          },
          Period: 5 * MINUTE_S,
          ReturnData: true,
        },
      ];
      return [
        [
          `${id}Throttles`,
          { Metrics: sum('ThrottledRequests'), AlarmDescription: `DynamoDB throttled requests to ${id}.` },
        ],
        [
          `${id}SystemErrors`,
          { Metrics: sum('SystemErrors'), AlarmDescription: `DynamoDB failed requests to ${id}.` },
        ],
      ];
    }),
  );

const ofQueues = (resources) => {
  const deadLetters = deadLetterQueues(resources);
  return Object.fromEntries(
    ofType(resources, 'AWS::SQS::Queue').map(([id]) => {
      const of = (name) => ({
        ...metric('AWS/SQS', name, { QueueName: { 'Fn::GetAtt': [id, 'QueueName'] } }, 1),
        Statistic: 'Maximum',
      });
      if (deadLetters.has(id)) {
        const AlarmDescription = `There are dead letters in ${id}.`;
        return [id, { ...of('ApproximateNumberOfMessagesVisible'), AlarmDescription }];
      }
      const AlarmDescription = `A message has been in ${id} for over 15 minutes.`;
      return [
        `${id}Age`,
        { ...of('ApproximateAgeOfOldestMessage'), AlarmDescription, Threshold: QUEUE_AGE_MAX_S },
      ];
    }),
  );
};

/** Return the logical ids of the queues that take dead letters of a queue or a stream. */
const deadLetterQueues = (resources) =>
  new Set([
    ...ofType(resources, 'AWS::SQS::Queue').map(
      ([, { Properties }]) => Properties?.RedrivePolicy?.deadLetterTargetArn?.['Fn::GetAtt']?.[0],
    ),
    ...ofType(resources, 'AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) =>
        Properties.DestinationConfig?.OnFailure?.Destination?.['Fn::GetAtt']?.[0],
    ),
  ]);
