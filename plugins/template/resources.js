'use strict';

/** Return the resources of a type, as pairs of logical id and resource. */
exports.ofType = (resources, type) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** Return tags as CloudFormation lists them. */
exports.tagList = (tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
