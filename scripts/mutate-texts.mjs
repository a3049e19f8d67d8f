// What Stryker leaves alone: texts for people. That a violation names the rule is tested; how it is worded is not.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const TEXTS = new Set(['reason', 'remedy', 'title', 'detail', 'message', 'who']);
const ERRORS = new Set(['HostmasterError', 'Error']);

/** Whether the text is the value of a property that people read, or the message of an error, perhaps as one side of a choice. */
function isForPeople(path) {
  const { parentPath: parent, node } = path;
  if (!parent) return false;
  if (parent.isObjectProperty({ value: node })) return TEXTS.has(parent.node.key.name);
  if (parent.isNewExpression()) return ERRORS.has(parent.node.callee.name) && parent.node.arguments.at(-1) === node;
  if (parent.isConditionalExpression() || parent.isLogicalExpression() || parent.isBinaryExpression({ operator: '+' }))
    return isForPeople(parent);
  return parent.isTemplateLiteral() && isForPeople(parent);
}

const shouldIgnore = (path) => {
  if ((path.isStringLiteral() || path.isTemplateLiteral()) && isForPeople(path)) return 'a text for people';
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'texts', { shouldIgnore })];
