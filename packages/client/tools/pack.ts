// Writes what is published: the client as JavaScript, and its types with the router written out, so that whoever installs it
// needs nothing of this repository. Run by `npm pack` and `npm publish`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import ts from 'typescript';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const source = path('../src/index.ts');
const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
const options = ts.getParsedCommandLineOfConfigFile(
  path('../../../apps/web/tsconfig.json'),
  { noEmit: true, incremental: false },
  host,
)?.options;
const program = ts.createProgram([source], options ?? {});
const checker = program.getTypeChecker();
const file = program.getSourceFile(source);
if (file === undefined) throw new Error(`${source} cannot be read`);

const propertyOf = (type: ts.Type, name: string): ts.Type => {
  const symbol = type.getProperty(name);
  if (symbol === undefined) throw new Error(`${checker.typeToString(type)} has no ${name}`);
  return checker.getTypeOfSymbol(symbol);
};

/** A type without the names that it is made of here. */
function written(type: ts.Type): string {
  if (type.isUnion()) {
    const parts = [...new Set(type.types.map(written))];
    const both = parts.includes('true') && parts.includes('false');
    return `(${(both ? ['boolean', ...parts.filter((part) => !/^(?:true|false)$/.test(part))] : parts).join(' | ')})`;
  }
  if (checker.isArrayType(type)) return `${written(checker.getTypeArguments(type as ts.TypeReference)[0] ?? type)}[]`;
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)))
    return checker.typeToString(type, file, ts.TypeFormatFlags.NoTruncation);
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  const fields = checker.getPropertiesOfType(type).map((field) => {
    const optional = (field.flags & ts.SymbolFlags.Optional) === 0 ? '' : '?';
    return `${JSON.stringify(field.name)}${optional}: ${written(checker.getTypeOfSymbol(field))};`;
  });
  return `{ ${[...fields, ...(index === undefined ? [] : [`[key: string]: ${written(index.type)};`])].join(' ')} }`;
}

const router = file.statements.flatMap((statement) =>
  ts.isExportDeclaration(statement) && statement.exportClause ? [statement.exportClause] : [],
);
const [exported] = router.flatMap((clause) => (ts.isNamedExports(clause) ? [...clause.elements] : []));
const symbol = exported === undefined ? undefined : checker.getExportSpecifierLocalTargetSymbol(exported);
if (symbol === undefined) throw new Error('The router is not exported.');
const appRouter = checker.getDeclaredTypeOfSymbol(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
const definition = propertyOf(appRouter, '_def');
const errorShape = propertyOf(propertyOf(propertyOf(definition, '_config'), '$types'), 'errorShape');

function procedure(type: ts.Type): string {
  const own = propertyOf(type, '_def');
  const types = propertyOf(own, '$types');
  const kind = written(propertyOf(own, 'type')) === '"query"' ? 'TRPCQueryProcedure' : 'TRPCMutationProcedure';
  return `${kind}<{ input: ${written(propertyOf(types, 'input'))}; output: ${written(propertyOf(types, 'output'))}; meta: unknown }>`;
}
const nouns = checker.getPropertiesOfType(propertyOf(definition, 'record')).map((noun) => {
  const verbs = checker
    .getPropertiesOfType(checker.getTypeOfSymbol(noun))
    .map((verb) => `    ${verb.name}: ${procedure(checker.getTypeOfSymbol(verb))};`);
  return `  ${noun.name}: {\n${verbs.join('\n')}\n  };`;
});

const routerType = `type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ${written(errorShape)}; transformer: false },
  {
${nouns.join('\n')}
  }
>;`;
const own = ts.transpileDeclaration(file.text, {
  fileName: source,
  ...(options === undefined ? {} : { compilerOptions: { ...options, noEmit: false } }),
});
const imported = /import type \{ AppRouter \} from '[^']+';/;
if (!imported.test(own.outputText)) throw new Error('The router is not imported as was thought.');
const types = own.outputText.replace(
  imported,
  () => `import type { TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server';\n${routerType}`,
);

rmSync(path('../dist'), { recursive: true, force: true });
mkdirSync(path('../dist'));
writeFileSync(path('../dist/index.js'), transformSync(file.text, { loader: 'ts', format: 'esm' }).code);
writeFileSync(path('../dist/index.d.ts'), types);
