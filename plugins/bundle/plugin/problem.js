'use strict';

/** Raised when packaging must stop; the message says why, and what to change. */
class Problem extends Error {}

module.exports = { Problem };
