/**
 * The editor of YAML: CodeMirror with what this lab knows of fields, faults and changes. It is loaded when somebody edits for the first time.
 * It lives in a shadow root: there its styles are adopted sheets, which a page without inline styles may have.
 */
import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { getChunks, unifiedMergeView } from '@codemirror/merge';
import {
  Compartment,
  EditorSelection,
  EditorState,
  type Extension,
  RangeSetBuilder,
  type StateCommand,
  type Text,
  type Transaction,
} from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type Tooltip,
  tooltips,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import type { FieldTable, YamlFault } from '../../../src-main/contract/yaml.ts';
import { editorTheme, yamlColours } from './editor-theme.ts';
import { hintOf, offersAt } from './field-hints.ts';
import { keyLine, lockedLines } from './yaml-path.ts';

export interface CodeEditorOptions {
  readonly host: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly table: FieldTable;
  readonly onchange: (text: string) => void;
}

export interface CodeEditor {
  showFaults(faults: readonly YamlFault[]): void;
  /** Puts another text in place of all, also of what cannot be typed into. */
  replaceWith(text: string): void;
  /** Shows what differs from this text, from the first difference on; null: shows no differences. */
  compareWith(original: string | null): void;
  goTo(line: number, column: number): void;
  /** Is the list of offers open? Then Escape closes it and nothing else. */
  offers(): boolean;
  focus(): void;
  destroy(): void;
}

export function createCodeEditor({ host, text, label, table, onchange }: CodeEditorOptions): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const changes = new Compartment();
  const state = EditorState.create({
    doc: text,
    extensions: [
      basics(label),
      table.managed ? [EditorState.readOnly.of(true)] : locked(table.hasStatus),
      autocompletion({ override: [(context) => complete(context, table)], icons: false }),
      hoverTooltip((view, position) => hover(view, position, table)),
      changes.of([]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onchange(update.state.doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  return {
    showFaults: (faults) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          faults.map((fault) => diagnostic(view.state.doc, fault)),
        ),
      ),
    replaceWith: (next) => {
      const { state, scrollDOM } = view;
      const selection = { anchor: Math.min(state.selection.main.head, next.length) };
      const top = scrollDOM.scrollTop;
      view.dispatch({ changes: { from: 0, to: state.doc.length, insert: next }, selection, filter: false });
      scrollDOM.scrollTop = top;
    },
    compareWith: (original) => {
      const extension = original === null ? [] : unifiedMergeView({ original, mergeControls: false, gutter: true });
      view.dispatch({ effects: changes.reconfigure(extension) });
      const first = original === null ? undefined : getChunks(view.state)?.chunks[0];
      if (first) view.dispatch({ effects: EditorView.scrollIntoView(first.fromB, { y: 'center' }) });
    },
    goTo: (line, column) => {
      const { from } = diagnostic(view.state.doc, { line, column, message: '' });
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
      view.focus();
    },
    offers: () => completionStatus(view.state) !== null,
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function basics(label: string): Extension {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    highlightActiveLine(),
    lintGutter(),
    yaml(),
    syntaxHighlighting(yamlColours),
    editorTheme,
    tooltips({ position: 'absolute' }),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    // Tab goes on to the next control, as everywhere; it only takes an offer that is open.
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      ...completionKeymap,
      { key: 'Enter', run: newLine },
      ...defaultKeymap,
      ...historyKeymap,
    ]),
  ];
}

/** A new line begins where the key above it does, or inside it when its value is still to come. */
const newLine: StateCommand = ({ state, dispatch }) => {
  if (state.readOnly) return false;
  const change = state.changeByRange(({ from, to }) => {
    const before = state.doc.lineAt(from).text.slice(0, from - state.doc.lineAt(from).from);
    const line = keyLine(before);
    const column = line === null ? before.search(/\S|$/) : line.column + (line.rest === '' ? 2 : 0);
    const insert = `\n${' '.repeat(column)}`;
    return { changes: { from, to, insert }, range: EditorSelection.cursor(from + insert.length) };
  });
  dispatch(state.update(change, { userEvent: 'input', scrollIntoView: true }));
  return true;
};

function linesOf(doc: Text): readonly string[] {
  return doc.toJSON();
}

function diagnostic(doc: Text, { line, column, message }: YamlFault) {
  const { from, to, length } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return { from: from + Math.min(Math.max(column - 1, 0), length), to, severity: 'error' as const, message };
}

function complete({ state, pos, explicit }: CompletionContext, table: FieldTable): CompletionResult | null {
  const line = state.doc.lineAt(pos);
  const found = offersAt(table, linesOf(state.doc), line.number - 1, pos - line.from);
  if (found === null || found.offers.length === 0) return null;
  const typed = pos - line.from - found.from;
  if (typed === 0 && !explicit) return null;
  return {
    from: line.from + found.from,
    options: found.offers.map(({ label, detail, text }) => ({ label, detail, apply: text })),
    validFor: /^[\w./-]*$/,
  };
}

function hover(view: EditorView, position: number, table: FieldTable): Tooltip | null {
  const line = view.state.doc.lineAt(position);
  const hint = hintOf(table, linesOf(view.state.doc), line.number - 1);
  const end = line.from + Math.max(line.text.indexOf(':'), 0);
  if (hint === null || position > end) return null;
  return {
    pos: line.from + line.text.search(/\S/),
    end,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'hint';
      for (const text of [hint.path, hint.type, hint.values.join(' | ')].filter(Boolean)) dom.append(paragraph(text));
      return { dom };
    },
  };
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement('p');
  element.textContent = text;
  return element;
}

/** What components write is dim, and typing there does nothing. */
function locked(hasStatus: boolean): Extension {
  const dim = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = dimmed(view.state.doc, hasStatus);
      }
      update({ docChanged, state }: ViewUpdate): void {
        if (docChanged) this.decorations = dimmed(state.doc, hasStatus);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
  return [dim, EditorState.changeFilter.of((transaction) => !touchesLocked(transaction, hasStatus))];
}

/** Whole lines may come and go beside a locked one, but nothing may be written on it. */
function touchesLocked({ changes, startState: { doc } }: Transaction, hasStatus: boolean): boolean {
  const ranges = lockedLines(linesOf(doc), hasStatus).map(([first, last]) => [doc.line(first + 1).from, doc.line(last + 1).to] as const);
  let touches = false;
  changes.iterChanges((from, to, _fromNew, _toNew, inserted) => {
    const text = inserted.toString();
    const begins = from === doc.lineAt(from).from;
    touches ||= ranges.some(([first, last]) => {
      if (to < first || from > last) return false;
      if (to === first && begins && (text === '' || text.endsWith('\n'))) return false;
      return !(from === last && to === last && text.startsWith('\n'));
    });
  });
  return touches;
}

function dimmed(doc: Text, hasStatus: boolean): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const [first, last] of lockedLines(linesOf(doc), hasStatus))
    for (let row = first; row <= last; row += 1) builder.add(doc.line(row + 1).from, doc.line(row + 1).from, DIM);
  return builder.finish();
}

const DIM = Decoration.line({ class: 'dim' });
