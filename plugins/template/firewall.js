'use strict';

const { ofType } = require('./resources');

const NAME = 'Firewall';

/**
 * Adds a firewall that blocks an address while it sends more requests in five minutes than a parameter
 * allows. API Gateway gives them 403.
 *
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
 */
exports.addFirewall = (resources, { firewallLimit }) => {
  const [[stageId, stage] = []] = ofType(resources, 'AWS::ApiGateway::Stage');
  if (!stage || Number(firewallLimit) === 0) return;
  resources[NAME] = {
    Type: 'AWS::WAFv2::WebACL',
    Properties: {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig: visibility(NAME),
      Rules: [
        {
          Name: 'RequestsOfAnAddress',
          Priority: 0,
          Action: { Block: {} },
          Statement: {
            RateBasedStatement: {
              AggregateKeyType: 'IP',
              EvaluationWindowSec: 300,
              Limit: Number(firewallLimit),
            },
          },
          VisibilityConfig: visibility('RequestsOfAnAddress'),
        },
      ],
    },
  };
  const api = stage.Properties.RestApiId.Ref;
  resources[`${NAME}Association`] = {
    Type: 'AWS::WAFv2::WebACLAssociation',
    Properties: {
      WebACLArn: { 'Fn::GetAtt': [NAME, 'Arn'] },
      ResourceArn: {
        'Fn::Sub':
          'arn:${AWS::Partition}:apigateway:${AWS::Region}::' +
          `/restapis/\${${api}}/stages/\${${stageId}}`,
      },
    },
  };
};

/** Metrics, but no samples: those would have addresses. */
const visibility = (MetricName) => ({
  CloudWatchMetricsEnabled: true,
  MetricName,
  SampledRequestsEnabled: false,
});
