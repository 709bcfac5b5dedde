'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

/**
 * Protects the tables from deletion after a deploy, on stages that retain data. In Python, because
 * serverless comes without a client of DynamoDB.
 *
 * It is no property of the template: after a first deploy that fails, CloudFormation deletes the tables,
 * and could not if they were protected.
 */
module.exports = class Protection {
  constructor(serverless) {
    this.serverless = serverless;
    this.hooks = { 'after:deploy:deploy': () => this.protect() };
  }

  async protect() {
    const { classes, service, serviceDir } = this.serverless;
    if (!service.provider.deletionProtection) return;
    const aws = this.serverless.getProvider('aws');
    const { credentials } = await aws.getAwsSdkV3Config();
    const keys = await (typeof credentials === 'function' ? credentials() : credentials);
    const command = ['-m', 'plugins.protection', aws.naming.getStackName()];
    const python = spawnSync(path.join(serviceDir, '.venv/bin/python'), command, {
      cwd: serviceDir,
      encoding: 'utf8',
      env: {
        ...process.env,
        AWS_REGION: aws.getRegion(),
        AWS_DEFAULT_REGION: aws.getRegion(),
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken ?? '',
      },
    });
    if (python.status !== 0) {
      throw new classes.Error(
        `The stack was deployed, but its tables are not protected from deletion: ${
          python.error?.message ?? python.stderr
        }`,
      );
    }
  }
};
