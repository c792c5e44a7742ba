// A person typing into a shell: shows what is typed, runs each line, and shows what came of it. The small part of a terminal's line discipline that this takes.

import type { ShellMemory } from '../../engine/api/rest/container-access.ts';
import type { RestAnswer } from '../../engine/api/rest/rest-request.ts';
import type { ExecResult } from '../../engine/api/rest/subresources/exec.ts';

const PROMPT = ' # ';
const BACKSPACE = '\u007f';
const END_OF_INPUT = '\u0004';
const INTERRUPT = '\u0003';
const LINE_LENGTH_MAX = 4_096;

export class TerminalSession {
  readonly #run: (line: string, memory: ShellMemory) => RestAnswer;
  readonly #show: (text: string) => void;
  readonly #end: (status: number) => void;
  #line = '';
  #memory: ShellMemory;
  #ended = false;

  constructor(
    memory: ShellMemory,
    run: (line: string, memory: ShellMemory) => RestAnswer,
    show: (text: string) => void,
    end: (status: number) => void,
  ) {
    this.#memory = memory;
    this.#run = run;
    this.#show = show;
    this.#end = end;
    show(this.#prompt());
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
      this.#show(`^C\n${this.#prompt()}`);
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
      this.#remember({ ...this.#memory, status: Number(leaving[1] ?? this.#memory.status) & 255 });
      this.#leave();
      return;
    }
    if (line !== '') this.#runLine(line);
    if (!this.#ended) this.#show(this.#prompt());
  }

  #runLine(line: string): void {
    const { code, body } = this.#run(line, this.#memory);
    if (code === 200) {
      const { status, output, complaints, memory } = body as ExecResult;
      this.#remember(memory ?? { ...this.#memory, status });
      this.#show(output + complaints);
      return;
    }
    this.#remember({ ...this.#memory, status: 127 });
    // The container is gone, or the program is: the shell says so, and waits for the next line.
    this.#show(`sh: ${(body as { message?: string }).message ?? 'failed'}\n`);
  }

  #remember(memory: ShellMemory): void {
    this.#memory = memory;
  }

  #prompt(): string {
    return `${this.#memory.directory ?? '/'}${PROMPT}`;
  }

  #leave(): void {
    this.#ended = true;
    this.#end(this.#memory.status);
  }
}
