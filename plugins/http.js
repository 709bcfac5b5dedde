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
    for (const name of service.getAllFunctions()) {
      const { events = [] } = service.getFunction(name);
      for (const { http } of [...events]) {
        const settings = typeof http === 'string' ? parseRoute(http) : http;
        if (settings?.method.toUpperCase() === 'GET') {
          events.push({ http: { ...settings, method: 'HEAD' } });
        }
      }
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

/** Returns the settings that a route in short form has, such as "GET /hello". */
function parseRoute(route) {
  const [method, path] = route.split(' ');
  return { method, path };
}
