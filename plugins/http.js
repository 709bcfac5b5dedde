'use strict';

/**
 * Adds to the REST API what serverless leaves out:
 *
 * - a HEAD route beside each GET route, for the same function and with the same settings, as HTTP
 *   requires: https://www.rfc-editor.org/rfc/rfc9110#section-9.1
 * - for responses to preflight requests, the header that those of gateway/ have.
 */
module.exports = class Http {
  constructor(serverless) {
    const merged = 'after:aws:package:finalize:mergeCustomProviderResources';
    this.hooks = {
      initialize: () => this.addHeadRoutes(serverless.service),
      [merged]: () => this.forbidSniffing(serverless.service.provider.compiledCloudFormationTemplate),
    };
  }

  addHeadRoutes(service) {
    const functions = service.getAllFunctions().map((name) => service.getFunction(name));
    const all = functions.flatMap(({ events = [] }) => events).filter(({ http }) => http);
    for (const event of all) {
      if (typeof event.http === 'string') event.http = parseRoute(event.http);
    }
    const isMethod = ({ method }, name) => method.toUpperCase() === name;
    const heads = all.filter(({ http }) => isMethod(http, 'HEAD')).map(({ http }) => http.path);
    for (const { events = [] } of functions) {
      const gets = events.filter(({ http }) => http && isMethod(http, 'GET'));
      const missing = gets.filter(({ http }) => !heads.includes(http.path));
      events.push(...missing.map(({ http }) => ({ http: { ...http, method: 'HEAD' } })));
    }
  }

  forbidSniffing({ Resources }) {
    const header = 'method.response.header.X-Content-Type-Options';
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::ApiGateway::Method' || Properties.Integration.Type !== 'MOCK') continue;
      for (const response of Properties.MethodResponses) response.ResponseParameters[header] = true;
      for (const response of Properties.Integration.IntegrationResponses) {
        response.ResponseParameters[header] = "'nosniff'";
      }
    }
  }
};

/** Returns the settings that a route in short form has, such as "GET /hello": other plugins need them. */
function parseRoute(route) {
  const [method, path] = route.split(' ');
  return { method, path };
}
