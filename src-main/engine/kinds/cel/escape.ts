// Names of fields that are no identifiers of the expression language, and how rules write them. upstream: apiserver pkg/cel/escaping.go

const reserved: ReadonlySet<string> = new Set(
  [
    ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let'],
    ...['loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
  ].sort(),
);

/** The name as rules write it: `__namespace__`, `x__dash__y`. */
export function celName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  if (plain.test(name) && !name.includes('__')) return name;
  return name.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}

/** Can rules speak of the field at all? */
export function hasCelName(name: string): boolean {
  return /^[a-zA-Z_.][a-zA-Z0-9_./-]*$/.test(name);
}

const plain = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
