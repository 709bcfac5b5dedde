'use strict';

const { ofType } = require('./resources');

const WIDTH = 24; // Of the whole dashboard, in CloudWatch's units.
const HEIGHT = 6;
const QUERY = {
  requests:
    'stats count(*) as requests, pct(latency, 50) as p50_ms, pct(latency, 99) as p99_ms ' +
    'by route, status | sort requests desc',
  failures:
    'filter status >= 500 | fields @timestamp, route, status, requestId, gatewayError, lambdaStatus ' +
    '| sort @timestamp desc | limit 20',
};

/**
 * Adds a dashboard of the API, and of every function, table, queue and stream.
 *
 * Its tables by route are queries of the access log, which cost nothing until somebody looks. API
 * Gateway's own metrics by route would cost more than all the rest.
 */
exports.addDashboard = (resources, { service, stage }) => {
  const rows = [
    ofApi(resources),
    ofAccessLog(resources),
    ofFunctions(resources),
    ofTables(resources),
    ofQueues(resources),
    ofStreams(resources),
    ofBatches(resources, service),
  ].filter((row) => row.length > 0);
  const widgets = rows.flatMap((row, y) =>
    row.map((widget, x) => ({
      ...widget,
      width: WIDTH / row.length,
      height: HEIGHT,
      x: (WIDTH / row.length) * x,
      y: y * HEIGHT,
    })),
  );
  resources.Dashboard = {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: `${service}-${stage}`,
      DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) },
    },
  };
};

const graph = (title, metrics) => ({
  type: 'metric',
  properties: { title, metrics, region: '${AWS::Region}', period: 300, view: 'timeSeries' },
});

const ofApi = (resources) => {
  const [[, stage] = []] = ofType(resources, 'AWS::ApiGateway::Stage');
  if (!stage) return [];
  const [[, api]] = ofType(resources, 'AWS::ApiGateway::RestApi');
  const of = (name, stat) => [
    ...['AWS/ApiGateway', name, 'ApiName', api.Properties.Name, 'Stage', stage.Properties.StageName],
    { stat, label: stat === 'Sum' ? name : stat },
  ];
  return [
    graph('Requests', [of('Count', 'Sum')]),
    graph('Errors', [of('5XXError', 'Sum'), of('4XXError', 'Sum')]),
    graph('Latency, ms', [of('Latency', 'p50'), of('Latency', 'p95'), of('Latency', 'p99')]),
  ];
};

const ofAccessLog = (resources) => {
  const log = resources.ApiAccessLog;
  if (!log) return [];
  const table = (title, query) => ({
    type: 'log',
    properties: {
      title,
      query: `SOURCE '${log.Properties.LogGroupName}' | ${query}`,
      region: '${AWS::Region}',
      view: 'table',
    },
  });
  return [table('Routes', QUERY.requests), table('Latest 5xx', QUERY.failures)];
};

const ofFunctions = (resources) => {
  const names = ofType(resources, 'AWS::Lambda::Function').map(([id]) => `\${${id}}`);
  if (names.length === 0) return [];
  const of = (name, stat) =>
    names.map((each) => ['AWS/Lambda', name, 'FunctionName', each, { stat }]);
  return [
    graph('Invocations', of('Invocations', 'Sum')),
    graph('Function errors and throttles', [...of('Errors', 'Sum'), ...of('Throttles', 'Sum')]),
    graph('Duration p99, ms', of('Duration', 'p99')),
    graph('Concurrency', of('ConcurrentExecutions', 'Maximum')),
  ];
};

const ofTables = (resources) => {
  const names = ofType(resources, 'AWS::DynamoDB::Table').map(([id]) => `\${${id}}`);
  if (names.length === 0) return [];
  const of = (name) =>
    names.map((each) => ['AWS/DynamoDB', name, 'TableName', each, { stat: 'Sum' }]);
  return [
    graph('Read capacity units', of('ConsumedReadCapacityUnits')),
    graph('Write capacity units', of('ConsumedWriteCapacityUnits')),
    graph('Throttled reads and writes', [...of('ReadThrottleEvents'), ...of('WriteThrottleEvents')]),
  ];
};

const ofQueues = (resources) => {
  const names = ofType(resources, 'AWS::SQS::Queue').map(([id]) => `\${${id}.QueueName}`);
  if (names.length === 0) return [];
  const of = (name) => names.map((each) => ['AWS/SQS', name, 'QueueName', each, { stat: 'Maximum' }]);
  return [
    graph('Messages', of('ApproximateNumberOfMessagesVisible')),
    graph('Age of the oldest message, s', of('ApproximateAgeOfOldestMessage')),
  ];
};

const ofStreams = (resources) => {
  const sources = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(
    ([, { Properties }]) => Properties.StartingPosition,
  );
  if (sources.length === 0) return [];
  const counts = ['PolledEventCount', 'FailedInvokeEventCount', 'OnFailureDestinationDeliveredEventCount'];
  return [
    graph(
      'Records of streams',
      sources.flatMap(([id]) =>
        counts.map((name) => ['AWS/Lambda', name, 'EventSourceMappingUUID', `\${${id}}`, { stat: 'Sum' }]),
      ),
    ),
    graph(
      'Age of records, ms',
      sources.map(([, { Properties }]) => [
        ...['AWS/Lambda', 'IteratorAge', 'FunctionName'],
        ...[`\${${Properties.FunctionName['Fn::GetAtt'][0]}}`, { stat: 'Maximum' }],
      ]),
    ),
  ];
};

/** The metrics of invocation/log.py. */
const ofBatches = (resources, namespace) => {
  const functions = ofType(resources, 'AWS::Lambda::EventSourceMapping').map(
    ([, { Properties }]) => `\${${Properties.FunctionName['Fn::GetAtt'][0]}}`,
  );
  if (functions.length === 0) return [];
  const of = (name) =>
    functions.map((each) => [namespace, name, 'FunctionName', each, { stat: 'Sum' }]);
  return [
    graph('Records of batches', of('records')),
    graph('Failures to retry', of('failures')),
    graph('Dead letters', of('dead_letters')),
  ];
};
