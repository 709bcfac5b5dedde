'use strict';

/**
 * Adds a HEAD route beside each GET route of a REST API, for the same function and with the same
 * settings, as HTTP requires: https://www.rfc-editor.org/rfc/rfc9110#section-9.1
 */
module.exports = class Head {
  constructor(serverless) {
    this.hooks = { initialize: () => this.addRoutes(serverless.service) };
  }

  addRoutes(service) {
    for (const name of service.getAllFunctions()) {
      const { events = [] } = service.getFunction(name);
      for (const { http } of [...events]) {
        const [method, path] = typeof http === 'string' ? http.split(' ') : [http?.method, http?.path];
        if (method?.toUpperCase() !== 'GET') continue;
        events.push({ http: { ...(typeof http === 'string' ? {} : http), method: 'HEAD', path } });
      }
    }
  }
};
