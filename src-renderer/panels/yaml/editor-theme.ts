/**
 * The editor in the colours of the window.
 * All of them are the page's own variables, so both themes and a change between them come by themselves.
 */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const yamlColours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], fontWeight: '600' },
  { tag: [tags.string, tags.content], color: 'var(--soft)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--faint)' },
  { tag: [tags.punctuation, tags.separator], color: 'var(--soft)' },
]);

const popup = { border: '1px solid var(--edge)', borderRadius: '8px', backgroundColor: 'var(--surface)', color: 'var(--text)' };

export const editorTheme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--ground)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { border: 'none', color: 'var(--soft)', backgroundColor: 'var(--ground)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 60%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--text) 22%, transparent)',
  },
  '.dim, .dim *': { color: 'var(--faint) !important', fontStyle: 'italic', fontWeight: '400' },
  '.cm-tooltip': { ...popup },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: 'var(--ground)', backgroundColor: 'var(--text)' },
  '.cm-completionDetail': { marginLeft: '12px', fontStyle: 'normal', opacity: '0.75' },
  '.hint': { maxWidth: '420px', padding: '4px 8px' },
  '.hint p': { margin: '0', fontFamily: 'var(--mono)', overflowWrap: 'anywhere' },
  '.cm-diagnostic': { borderLeft: '3px solid var(--bad)' },
  // CodeMirror's own mark is a data: image, which the page's policy forbids.
  '.cm-lint-marker-error': { content: 'normal' },
  '.cm-lint-marker-error::before': { color: 'var(--bad)', fontSize: '10px', content: '"▲"' },
  '.cm-lintRange-error': { backgroundImage: 'none', borderBottom: '2px solid var(--bad)' },
  '.cm-insertedLine, .cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--good) 16%, transparent) !important' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--bad) 14%, transparent) !important' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--good) 30%, transparent) !important' },
});
