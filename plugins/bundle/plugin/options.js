'use strict';

// The options in serverless.yml: those of `custom.bundle`, for all functions, and those of a
// function's own `bundle`. README.md describes them.

const strings = { type: 'array', items: { type: 'string' } };
const stringOrMap = {
  anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }],
};
const boolean = { type: 'boolean' };

const SERVICE_OPTIONS = {
  cache: { type: 'string' },
  checks: strings,
  data: { enum: ['all', 'reached'] },
  external: strings,
  // By the names of functions. Unlike a function's own, it does no harm without this plugin.
  include: { type: 'object', additionalProperties: strings },
  minify: boolean,
  models: boolean,
  python: stringOrMap,
  runtimeLoop: boolean,
  strict: boolean,
  target: { enum: ['lambda', 'machine'] },
};
const FUNCTION_OPTIONS = { external: strings, include: strings, models: boolean, runtimeLoop: boolean };

/**
 * Returns what is wrong with the options of a service, or null.
 *
 * With a schema, Serverless would only warn of a misspelt option in most versions, and never say
 * which options there are.
 */
function findProblem(service) {
  const { custom, functions = {} } = service;
  const places = [
    ['custom.bundle', custom?.bundle, SERVICE_OPTIONS],
    ...Object.entries(functions)
      .filter(([, { bundle }]) => bundle !== false) // It leaves a function as packaged.
      .map(([name, { bundle }]) => [`functions.${name}.bundle`, bundle, FUNCTION_OPTIONS]),
  ];
  for (const [place, options, known] of places) {
    const problem = options && findProblemIn(options, known);
    if (problem) return `${place}${problem}`;
  }
  return null;
}

/** Returns the names in `custom.bundle.include` that no function has. */
function findUnknownFunctions({ custom, functions = {} }) {
  const names = Object.keys(custom?.bundle?.include ?? {});
  return names.filter((name) => !Object.hasOwn(functions, name));
}

function findProblemIn(options, known) {
  if (typeof options !== 'object' || Array.isArray(options)) {
    return ` must have options: ${Object.keys(known).join(', ')}.`;
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) {
      return `.${name} is not an option. The options: ${Object.keys(known).join(', ')}.`;
    }
    if (!isValid(value, known[name])) return `.${name} must be ${describe(known[name])}.`;
  }
  return null;
}

/** Whether a value has the type that a schema asks for, of the kinds of schemas above. */
function isValid(value, schema) {
  if (schema.anyOf) return schema.anyOf.some((each) => isValid(value, each));
  if (schema.enum) return schema.enum.includes(value);
  if (schema.type === 'array') {
    return Array.isArray(value) && value.every((each) => isValid(each, schema.items));
  }
  if (schema.type === 'object') {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
    return Object.values(value).every((each) => isValid(each, schema.additionalProperties));
  }
  return typeof value === schema.type;
}

function describe(schema) {
  if (schema.anyOf) return schema.anyOf.map(describe).join(', or ');
  if (schema.enum) return schema.enum.join(' or ');
  if (schema.type === 'array') return 'a list of strings';
  if (schema.type === 'object') return `a mapping, each value ${describe(schema.additionalProperties)}`;
  return { boolean: 'true or false', string: 'a string' }[schema.type];
}

module.exports = { findProblem, findUnknownFunctions };
