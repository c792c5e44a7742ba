/**
 * The colours of both themes, by what they mean.
 * One table feeds the style sheets (as custom properties) and the canvas, so that a mark has the same colour wherever it is drawn.
 */
export type Ink = keyof typeof DARK;
export type Palette = Readonly<Record<Ink, string>>;
export type ThemeName = 'dark' | 'light';

/** State colours are for states alone: buttons, focus and selection are drawn in the colours of text. */
const DARK = {
  ground: '#0d1117',
  surface: '#151b23',
  raised: '#1c242e',
  hover: '#26303c',
  line: '#29333f',
  edge: '#445162',
  text: '#e8edf3',
  soft: '#a3b0bf',
  faint: '#8f9dae',
  shade: '#05070a',
  brand: '#326ce5',
  onBrand: '#ffffff',
  good: '#3fb950',
  waiting: '#e3b341',
  progress: '#2fc6d6',
  bad: '#f85149',
  dead: '#c93a3a',
  done: '#7d9cc0',
  ending: '#98a2ad',
  lost: '#7a8694',
  released: '#f0883e',
  memory: '#b083f0',
  disk: '#cc8d00',
  pid: '#1aa3e0',
  onState: '#0b0f14',
} as const;

const LIGHT: Palette = {
  ground: '#f1f3f6',
  surface: '#ffffff',
  raised: '#f6f8fa',
  hover: '#e8ecf1',
  line: '#d8dee6',
  edge: '#a9b4c1',
  text: '#1a222c',
  soft: '#4d5a69',
  faint: '#5d6a7a',
  shade: '#1a222c',
  brand: '#326ce5',
  onBrand: '#ffffff',
  good: '#2c9a49',
  waiting: '#b58100',
  progress: '#0a8a99',
  bad: '#d92f2a',
  dead: '#9b1c1c',
  done: '#5878a0',
  ending: '#6e7884',
  lost: '#7a8592',
  released: '#c2570c',
  memory: '#8250df',
  disk: '#9a6a00',
  pid: '#0b76ab',
  onState: '#ffffff',
};

export const PALETTES: Readonly<Record<ThemeName, Palette>> = { dark: DARK, light: LIGHT };

/** Puts a palette on an element as custom properties: `--good`, `--on-state`. */
export function applyPalette(element: HTMLElement, theme: ThemeName): void {
  for (const [name, value] of Object.entries(PALETTES[theme])) element.style.setProperty(`--${kebab(name)}`, value);
  element.dataset['theme'] = theme;
  element.style.colorScheme = theme;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
