'use strict';

/** Return the resources of a type, as pairs of logical id and resource. */
exports.ofType = (resources, type) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** Return tags as CloudFormation lists them. */
exports.tagList = (tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Return a key of serverless.yml, such as `get_user`, as a part of a logical id: `GetUser`. */
exports.pascalCase = (key) =>
  key.replace(/(?:^|[_-])([a-z0-9])/gi, (_, letter) => letter.toUpperCase());

/** Return a statement of a policy that refuses requests without TLS. */
exports.denyPlainHttp = (Action, Resource) => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
