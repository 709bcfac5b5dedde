'use strict';

/**
 * Keeps API keys out of what `serverless deploy` prints, as its option --conceal does, since logs of CI
 * keep that. `serverless info` prints them.
 */
module.exports = class Conceal {
  constructor(serverless, options) {
    this.hooks = {
      initialize: () => {
        if (serverless.processedInput.commands.join(' ') === 'deploy') options.conceal = true;
      },
    };
  }
};
