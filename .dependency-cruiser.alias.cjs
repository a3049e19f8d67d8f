const { join } = require('node:path');

/** Read by .dependency-cruiser.cjs, in the form of a webpack configuration; nothing here is built with webpack. */
module.exports = { resolve: { alias: { '@': join(__dirname, 'apps/web/src') } } };
