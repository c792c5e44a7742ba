// A person typing into a shell: shows what is typed, runs each line, and shows what came of it. The small part of a terminal's line discipline that this takes.
import type { RestAnswer } from '../../engine/api/rest/rest-request.ts';
import type { ExecResult } from '../../engine/api/rest/subresources/exec.ts';

const PROMPT = '/ # ';
const BACKSPACE = '\u007f';
const END_OF_INPUT = '\u0004';
const INTERRUPT = '\u0003';
const LINE_LENGTH_MAX = 4_096;

export class TerminalSession {
  readonly #run: (line: string) => RestAnswer;
  readonly #show: (text: string) => void;
  readonly #end: (status: number) => void;
  #line = '';
  #status = 0;
  #ended = false;

  constructor(run: (line: string) => RestAnswer, show: (text: string) => void, end: (status: number) => void) {
    this.#run = run;
    this.#show = show;
    this.#end = end;
    show(PROMPT);
  }

  type(text: string): void {
    for (const character of text) if (!this.#ended) this.#key(character);
  }

  #key(character: string): void {
    if (character === '\r' || character === '\n') this.#enter();
    else if (character === BACKSPACE) {
      if (this.#line === '') return;
      this.#line = this.#line.slice(0, -1);
      this.#show('\b \b');
    } else if (character === INTERRUPT) {
      this.#line = '';
      this.#show(`^C\n${PROMPT}`);
    } else if (character === END_OF_INPUT) {
      if (this.#line === '') this.#leave();
    } else if (character >= ' ' && this.#line.length < LINE_LENGTH_MAX) {
      this.#line += character;
      this.#show(character);
    }
  }

  #enter(): void {
    const line = this.#line.trim();
    this.#line = '';
    this.#show('\n');
    const leaving = /^exit(?:\s+(\d+))?$/.exec(line);
    if (leaving !== null) {
      this.#status = Number(leaving[1] ?? this.#status) & 255;
      this.#leave();
      return;
    }
    if (line !== '') this.#runLine(line);
    if (!this.#ended) this.#show(PROMPT);
  }

  #runLine(line: string): void {
    const { code, body } = this.#run(line);
    if (code === 200) {
      const { status, output, complaints } = body as ExecResult;
      this.#status = status;
      this.#show(output + complaints);
      return;
    }
    this.#status = 127;
    // The container is gone, or the program is: the shell says so, and waits for the next line.
    this.#show(`sh: ${(body as { message?: string }).message ?? 'failed'}\n`);
  }

  #leave(): void {
    this.#ended = true;
    this.#end(this.#status);
  }
}
