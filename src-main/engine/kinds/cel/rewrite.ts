/**
 * Writes an expression anew before it is run: loops, comparisons and joins first pay for what they go through, and functions that the
 * library does otherwise than Kubernetes are called by names of ours. Each part remembers where it was, for messages.
 */
import type { ASTNode } from '@marcbachmann/cel-js';

export interface Rewritten {
  readonly text: string;
  readonly parts: readonly Part[];
  /** Names that the expression asks of its surroundings. */
  readonly uses: ReadonlySet<string>;
}

/** A part of the new text, and where cel-go would point at in the old one. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly anchor: number;
}

/** Functions and methods of the library that are ours instead; the names of ours are no names that somebody would write. */
export const replaced: ReadonlyMap<string, string> = new Map(
  ['has', 'matches', 'join', 'lowerAscii', 'upperAscii', 'getDayOfYear'].map((name) => [name, `orrery_${name}`]),
);
export const ITERATED = 'orrery_iterated';
export const WEIGHED = 'orrery_weighed';

export function rewrite(source: string, ast: ASTNode): Rewritten {
  const writer = new Writer(source);
  writer.write(ast);
  return { text: writer.text, parts: writer.parts, uses: writer.uses };
}

const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const weighing: ReadonlySet<string> = new Set(['+', '==', '!=', 'in']);

class Writer {
  text = '';
  readonly parts: Part[] = [];
  readonly uses = new Set<string>();
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  write(node: ASTNode): void {
    const start = this.text.length;
    this.#inner(node);
    this.parts.push({ start, end: this.text.length, anchor: anchorOf(node, this.#source) });
  }

  #inner(node: ASTNode): void {
    switch (node.op) {
      case 'value':
        this.text += this.#source.slice(node.start, node.end);
        return;
      case 'id':
        this.uses.add(node.args);
        this.text += node.args;
        return;
      case '.':
      case '.?':
        this.write(node.args[0]);
        this.text += `${node.op}${node.args[1]}`;
        return;
      case '[]':
      case '[?]':
        this.write(node.args[0]);
        this.text += node.op === '[]' ? '[' : '[?';
        this.write(node.args[1]);
        this.text += ']';
        return;
      case 'call':
        this.text += `${replaced.get(node.args[0]) ?? node.args[0]}(`;
        this.#list(node.args[1]);
        this.text += ')';
        return;
      case 'rcall':
        this.#method(node.args);
        return;
      case 'list':
        this.text += '[';
        this.#list(node.args);
        this.text += ']';
        return;
      case 'map':
        this.#map(node.args);
        return;
      case '?:':
        this.#between('(', node.args, [' ? ', ' : '], ')');
        return;
      case '!_':
      case '-_':
        this.text += `(${node.op[0]}`;
        this.write(node.args);
        this.text += ')';
        return;
      default:
        this.#binary(node.op, node.args);
    }
  }

  #method([name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]]): void {
    const loopsOver = loops.has(name) && args.length >= 2 && args[0]?.op === 'id';
    if (loopsOver) {
      this.text += `${ITERATED}(`;
      this.write(receiver);
      this.text += `, ${args.reduce((sum, arg) => sum + countNodes(arg), 0)})`;
    } else this.write(receiver);
    this.text += `.${replaced.get(name) ?? name}(`;
    this.#list(args);
    this.text += ')';
  }

  #binary(op: string, [left, right]: readonly [ASTNode, ASTNode]): void {
    this.text += '(';
    this.#operand(op, left);
    this.text += ` ${op} `;
    this.#operand(op, right);
    this.text += ')';
  }

  #operand(op: string, node: ASTNode): void {
    if (!weighing.has(op) || node.op === 'value') {
      this.write(node);
      return;
    }
    this.text += `${WEIGHED}(`;
    this.write(node);
    this.text += ')';
  }

  #map(entries: readonly (readonly [ASTNode, ASTNode])[]): void {
    this.text += '{';
    for (const [index, entry] of entries.entries()) this.#between(index === 0 ? '' : ', ', entry, [': '], '');
    this.text += '}';
  }

  #list(nodes: readonly ASTNode[]): void {
    this.#between(
      '',
      nodes,
      nodes.map(() => ', '),
      '',
    );
  }

  #between(before: string, nodes: readonly ASTNode[], separators: readonly string[], after: string): void {
    this.text += before;
    for (const [index, node] of nodes.entries()) {
      if (index > 0) this.text += separators[index - 1] ?? '';
      this.write(node);
    }
    this.text += after;
  }
}

/** How much one round of a loop costs. */
function countNodes(node: ASTNode): number {
  return 1 + childrenOf(node).reduce((sum, child) => sum + countNodes(child), 0);
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** upstream: cel-go parser, the token that each node's id is given to */
function anchorOf(node: ASTNode, source: string): number {
  const after = (from: number, text: string): number => {
    const found = source.indexOf(text, from);
    return found < 0 ? node.start : found;
  };
  switch (node.op) {
    case 'value':
    case 'id':
    case 'list':
    case 'map':
    case '!_':
    case '-_':
      return node.start;
    case '.':
    case '.?':
      return after(node.args[0].end, '.');
    case '[]':
    case '[?]':
      return after(node.args[0].end, '[');
    case 'call':
      return after(node.start + node.args[0].length, '(');
    case 'rcall':
      return after(after(node.args[1].end, `${node.args[0]}`) + node.args[0].length, '(');
    case '?:':
      return after(node.args[0].end, '?');
    default:
      return after(node.args[0].end, node.op);
  }
}
