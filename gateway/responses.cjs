'use strict';

// API Gateway's own errors, as problem details with the same headers as those of the functions.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html

const HTTP_SEMANTICS = 'https://www.rfc-editor.org/rfc/rfc9110#section-';
const ADDITIONAL_STATUS_CODES = 'https://www.rfc-editor.org/rfc/rfc6585#section-';

const BAD_REQUEST = [400, 'Bad Request', HTTP_SEMANTICS + '15.5.1'];
const UNAUTHORIZED = [401, 'Unauthorized', HTTP_SEMANTICS + '15.5.2'];
const FORBIDDEN = [403, 'Forbidden', HTTP_SEMANTICS + '15.5.4'];
const NOT_FOUND = [404, 'Not Found', HTTP_SEMANTICS + '15.5.5'];
const CONTENT_TOO_LARGE = [413, 'Content Too Large', HTTP_SEMANTICS + '15.5.14'];
const UNSUPPORTED_MEDIA_TYPE = [415, 'Unsupported Media Type', HTTP_SEMANTICS + '15.5.16'];
const TOO_MANY_REQUESTS = [429, 'Too Many Requests', ADDITIONAL_STATUS_CODES + '4'];
const INTERNAL_SERVER_ERROR = [500, 'Internal Server Error', HTTP_SEMANTICS + '15.6.1'];
const GATEWAY_TIMEOUT = [504, 'Gateway Timeout', HTTP_SEMANTICS + '15.6.5'];

const RESPONSES = {
  ACCESS_DENIED: [FORBIDDEN, 'Access denied.'],
  BAD_REQUEST_BODY: [BAD_REQUEST, 'Invalid body.'],
  BAD_REQUEST_PARAMETERS: [BAD_REQUEST, 'Invalid parameter.'],
  DEFAULT_4XX: [BAD_REQUEST, 'Invalid request.'],
  DEFAULT_5XX: [INTERNAL_SERVER_ERROR, 'An unexpected error occurred.'],
  EXPIRED_TOKEN: [FORBIDDEN, 'The credentials have expired.'],
  INTEGRATION_FAILURE: [GATEWAY_TIMEOUT, 'The function did not respond.'],
  INTEGRATION_TIMEOUT: [GATEWAY_TIMEOUT, 'The function did not respond in time.'],
  INVALID_API_KEY: [FORBIDDEN, 'Send a valid API key in the header x-api-key.'],
  INVALID_SIGNATURE: [FORBIDDEN, 'The signature does not match the request.'],
  // API Gateway's name for an unknown path or method. Its own status would be 403.
  MISSING_AUTHENTICATION_TOKEN: [NOT_FOUND, 'No route has this path and method.'],
  QUOTA_EXCEEDED: [TOO_MANY_REQUESTS, "The API key's quota is used up."],
  REQUEST_TOO_LARGE: [CONTENT_TOO_LARGE, 'The request is over 10 MB.'],
  RESOURCE_NOT_FOUND: [NOT_FOUND, 'No route has this path.'],
  THROTTLED: [TOO_MANY_REQUESTS, 'Too many requests. Try again more slowly.'],
  UNAUTHORIZED: [UNAUTHORIZED, 'Send credentials.'],
  UNSUPPORTED_MEDIA_TYPE: [UNSUPPORTED_MEDIA_TYPE, 'Send JSON, as application/json.'],
  WAF_FILTERED: [FORBIDDEN, 'The firewall blocked the request.'],
};

module.exports = async ({ resolveVariable }) => {
  const origin = await resolveVariable('param:corsOrigin');
  const headers = {
    'Access-Control-Allow-Origin': origin,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/problem+json',
    'X-Content-Type-Options': 'nosniff',
    ...(origin === '*' ? {} : { Vary: 'origin' }),
  };
  const parameters = Object.entries(headers).map(([name, value]) => {
    return [`gatewayresponse.header.${name}`, `'${value}'`];
  });
  const resources = Object.entries(RESPONSES).map(([responseType, [[status, title, type], detail]]) => {
    const problem = { type, title, status, detail, instance: '$context.requestId' };
    const response = {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: {
        RestApiId: { Ref: 'ApiGatewayRestApi' },
        ResponseType: responseType,
        StatusCode: String(status),
        ResponseParameters: Object.fromEntries(parameters),
        ResponseTemplates: { 'application/json': JSON.stringify(problem) },
      },
    };
    return [`GatewayResponse${responseType.replaceAll('_', '')}`, response];
  });
  return { Resources: Object.fromEntries(resources) };
};
