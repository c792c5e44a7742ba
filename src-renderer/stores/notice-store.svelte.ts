/**
 * What the window has to say by itself: notices that a person sees, and sentences that a screen reader speaks.
 * A notice of trouble stays until it is closed; a plain one makes room for the next.
 */
export interface Notice {
  readonly id: number;
  readonly kind: 'trouble' | 'plain';
  readonly text: string;
  /** What can be done about it at once. */
  readonly action?: NoticeAction;
}
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

const NOTICES_MAX = 4;

export class NoticeStore {
  list = $state.raw<readonly Notice[]>([]);
  /** The sentence in the live region. */
  spoken = $state('');
  #serial = 0;
  /** Sentences of this moment. No state: who speaks must not be called again because of it. */
  readonly #together: string[] = [];

  trouble(text: string): void {
    this.#add('trouble', text);
  }

  say(text: string, action?: NoticeAction): void {
    this.#add('plain', text, action);
  }

  /** For screen readers alone: the picture shows it already. Of two things at the same moment neither is lost. */
  speak(text: string): void {
    if (this.#together.length === 0) setTimeout(() => this.#together.splice(0));
    if (!this.#together.includes(text)) this.#together.push(text);
    this.spoken = this.#together.join(' ');
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(kind: Notice['kind'], text: string, action?: NoticeAction): void {
    if (!action && this.list.some((notice) => notice.kind === kind && notice.text === text)) return;
    this.#serial += 1;
    const others = this.list.filter((notice) => notice.kind === 'trouble');
    this.list = [...others, { id: this.#serial, kind, text, ...(action ? { action } : {}) }].slice(-NOTICES_MAX);
  }
}
