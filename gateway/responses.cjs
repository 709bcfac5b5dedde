'use strict';

// API Gateway's own errors, as problem details with the same headers as those of the functions.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html

const BAD_REQUEST = [400, 'Bad Request'];
const UNAUTHORIZED = [401, 'Unauthorized'];
const FORBIDDEN = [403, 'Forbidden'];
const INVALID_API_KEY = [403, 'Invalid API Key'];
const NOT_FOUND = [404, 'Not Found'];
const CONTENT_TOO_LARGE = [413, 'Content Too Large'];
const UNSUPPORTED_MEDIA_TYPE = [415, 'Unsupported Media Type'];
const QUOTA_EXCEEDED = [429, 'Quota Exceeded'];
const TOO_MANY_REQUESTS = [429, 'Too Many Requests'];
const INTERNAL_SERVER_ERROR = [500, 'Internal Server Error'];
const GATEWAY_TIMEOUT = [504, 'Gateway Timeout'];

const RESPONSES = {
  ACCESS_DENIED: [FORBIDDEN, 'Access denied.'],
  BAD_REQUEST_BODY: [BAD_REQUEST, 'Invalid body.'],
  BAD_REQUEST_PARAMETERS: [BAD_REQUEST, 'Invalid parameter.'],
  DEFAULT_4XX: [BAD_REQUEST, 'Invalid request.'],
  DEFAULT_5XX: [INTERNAL_SERVER_ERROR, 'An unexpected error occurred.'],
  EXPIRED_TOKEN: [FORBIDDEN, 'The credentials have expired.'],
  INTEGRATION_FAILURE: [GATEWAY_TIMEOUT, 'The function did not respond.'],
  INTEGRATION_TIMEOUT: [GATEWAY_TIMEOUT, 'The function did not respond in time.'],
  INVALID_API_KEY: [INVALID_API_KEY, 'Send a valid API key in the header x-api-key.'],
  INVALID_SIGNATURE: [FORBIDDEN, 'The signature does not match the request.'],
  // API Gateway's name for an unknown path or method. Its own status would be 403.
  MISSING_AUTHENTICATION_TOKEN: [NOT_FOUND, 'No route has this path and method.'],
  QUOTA_EXCEEDED: [QUOTA_EXCEEDED, "The API key's quota is used up."],
  REQUEST_TOO_LARGE: [CONTENT_TOO_LARGE, 'The request is over 10 MB.'],
  RESOURCE_NOT_FOUND: [NOT_FOUND, 'No route has this path.'],
  THROTTLED: [TOO_MANY_REQUESTS, 'Too many requests. Try again more slowly.'],
  UNAUTHORIZED: [UNAUTHORIZED, 'Send credentials.'],
  UNSUPPORTED_MEDIA_TYPE: [UNSUPPORTED_MEDIA_TYPE, 'Send JSON, as application/json.'],
  WAF_FILTERED: [FORBIDDEN, 'The firewall blocked the request.'],
};

module.exports = async ({ resolveVariable }) => {
  const origin = await resolveVariable('param:corsOrigin');
  const path = await resolveVariable('param:apiPath, null'); // Null in a service without pages of problems.
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
  const resources = Object.entries(RESPONSES).map(([responseType, [[status, title], detail]]) => {
    const problem = { type: makeType(path, title), title, status, detail, instance: '$context.requestId' };
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

/** Returns the type as gateway/problem.py does: the reference to its page, if the service has pages. */
function makeType(path, title) {
  const name = title.toLowerCase().replaceAll(' ', '-');
  return path === null ? 'about:blank' : `${path}/problems/${name}`;
}
