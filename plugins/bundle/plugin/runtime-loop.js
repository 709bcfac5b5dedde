'use strict';

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
const WRAPPER_VARIABLE = 'AWS_LAMBDA_EXEC_WRAPPER';
const WRAPPER = '/var/task/runtime_loop/wrapper';

/** Whether runtime_loop runs a function. It leaves SnapStart, and a wrapper of one's own, alone. */
function hasRuntimeLoop(service, name) {
  const { bundle, environment, snapStart } = service.getFunction(name);
  const isWanted = bundle?.runtimeLoop ?? service.custom?.bundle?.runtimeLoop ?? false;
  const wrapper = { ...service.provider.environment, ...environment }[WRAPPER_VARIABLE] ?? WRAPPER;
  return isWanted && !snapStart && wrapper === WRAPPER;
}

/** Makes a function start by the loop, which its artifact has. */
function setRuntimeLoop(definition) {
  definition.environment = { ...definition.environment, [WRAPPER_VARIABLE]: WRAPPER };
}

/**
 * Whether the deployed function starts by the loop.
 *
 * `deploy function` updates the code before the environment, or the code alone. Meanwhile the
 * artifact must have the loop, though the service may no longer want it: Lambda refuses to start a
 * function whose wrapper is missing.
 */
function isDeployedWithRuntimeLoop(service) {
  const { Configuration: deployed } = service.provider.remoteFunctionData ?? {};
  return deployed?.Environment?.Variables?.[WRAPPER_VARIABLE] === WRAPPER;
}

module.exports = { hasRuntimeLoop, isDeployedWithRuntimeLoop, setRuntimeLoop };
