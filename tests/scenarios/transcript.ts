// Reads a transcript, does what it says in a new cluster, and writes it anew with the outputs that came of it.
import { Story } from './story.ts';

export interface Step {
  /** Comments and blank lines before it. */
  readonly prose: readonly string[];
  /** A command, and below it the lines that are its input. */
  readonly command: readonly string[];
}

const RULE = '----';

/** Steps in order, and what stands after the last. */
export function parseTranscript(text: string): { readonly steps: readonly Step[]; readonly ending: readonly string[] } {
  const lines = text.replace(/\n$/, '').split('\n');
  const steps: Step[] = [];
  let prose: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] as string;
    if (line === '' || line.startsWith('#')) {
      prose.push(line);
      at += 1;
      continue;
    }
    const command: string[] = [];
    while (at < lines.length && lines[at] !== RULE) {
      if (lines[at] === '' && !lines.slice(at).includes(RULE)) break;
      command.push(lines[at] as string);
      at += 1;
    }
    at += 1;
    while (at < lines.length && lines[at] !== '') at += 1;
    steps.push({ prose, command });
    prose = [];
  }
  return { steps, ending: prose };
}

/** The transcript as it should read. */
export function renderTranscript(text: string, reopens = false): string {
  const { steps, ending } = parseTranscript(text);
  const story = new Story(reopens);
  const lines = steps.flatMap(({ prose, command }) => [...prose, ...command, RULE, ...story.tell(command)]);
  return `${[...lines, ...ending].join('\n')}\n`;
}
