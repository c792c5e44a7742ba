/**
 * A pod from near: its containers side by side, each with the probes that it has, in the place of the square's sign.
 * The frame keeps the colour of the pod's look, so that coming near changes what is told and not what is known already.
 */
import type { ContainerPart, PodParts, ProbePart } from '../../src-main/contract/pod-parts.ts';
import type { PodLook } from '../../src-main/contract/view.ts';
import type { Ink } from '../ui/tokens.ts';
import type { Look, Mark, Rect } from './mark.ts';

const FRAMES: Readonly<Record<PodLook, Ink>> = {
  ready: 'good',
  'not-ready': 'good',
  creating: 'progress',
  unscheduled: 'waiting',
  'back-off': 'bad',
  failed: 'dead',
  succeeded: 'done',
  terminating: 'ending',
  unknown: 'lost',
};
/** What the kubelet said last, where nobody has heard of it since. */
const OLD = 0.4;
const LETTERS: Readonly<Record<ProbePart['type'], string>> = { startup: 'S', liveness: 'L', readiness: 'R' };
const TROUBLE = /BackOff|Err|Invalid|Error/;

export function podPartsMarks(look: PodLook, { containers }: PodParts, { x, y, width: size }: Rect): Mark[] {
  const isSilent = look === 'unknown';
  const dashed: Look = isSilent || look === 'unscheduled' ? { dash: [size * 0.12, size * 0.08] } : {};
  const marks: Mark[] = [
    { kind: 'rect', x, y, width: size, height: size, radius: size * 0.16, fill: 'raised' },
    { kind: 'rect', x, y, width: size, height: size, radius: size * 0.16, stroke: FRAMES[look], line: size * 0.05, ...dashed },
  ];
  const columns = Math.ceil(Math.sqrt(containers.length));
  const rows = Math.ceil(containers.length / Math.max(1, columns));
  const gap = size * 0.04;
  const room = size * 0.88;
  const width = (room - gap * (columns - 1)) / Math.max(1, columns);
  const height = (room - gap * (rows - 1)) / Math.max(1, rows);
  for (const [index, container] of containers.entries()) {
    const left = x + size * 0.06 + (index % columns) * (width + gap);
    const top = y + size * 0.06 + Math.floor(index / columns) * (height + gap);
    const cell = containerMarks(container, { x: left, y: top, width, height });
    marks.push(...(isSilent ? cell.map((mark) => ({ ...mark, alpha: (mark.alpha ?? 1) * OLD })) : cell));
  }
  if (isSilent) marks.push({ kind: 'glyph', glyph: 'pod-unknown', x: x + size * 0.25, y: y + size * 0.25, size: size * 0.5 });
  return marks;
}

function containerMarks(container: ContainerPart, box: Rect): Mark[] {
  const { x, y, width, height } = box;
  const unit = Math.min(width, height);
  const text = unit * 0.2;
  const sign = signOf(container);
  return [
    { kind: 'rect', ...box, radius: unit * 0.12, ...cellLook(container, unit) },
    {
      kind: 'text',
      x: x + unit * 0.09,
      y: y + text * 1.25,
      text: container.name,
      size: text,
      sizeMax: unit * 0.28,
      fill: 'text',
      widthMax: width - unit * 0.16,
    },
    ...(sign
      ? ([
          {
            kind: 'text',
            x: x + width / 2,
            y: y + height * 0.62,
            text: sign.text,
            size: unit * 0.3,
            bold: true,
            anchor: 'middle',
            fill: sign.fill,
          },
        ] as const)
      : []),
    ...container.probes.flatMap((probe, index) =>
      probeMarks(probe, x + unit * 0.2 + index * unit * 0.3, y + height - unit * 0.2, unit * 0.13),
    ),
  ];
}

function cellLook({ state, ready, isInit, reason }: ContainerPart, unit: number): Look {
  const line = unit * 0.035;
  const dash = [unit * 0.1, unit * 0.06];
  if (state === 'waiting') return { stroke: TROUBLE.test(reason) ? 'bad' : 'waiting', line, dash };
  if (state === 'failed') return { stroke: 'dead', line };
  if (state === 'succeeded') return { stroke: 'done', line };
  return ready || isInit ? { fill: 'good', alpha: 0.28 } : { stroke: 'good', line };
}

function signOf({ state, reason, ready, isInit }: ContainerPart): { readonly text: string; readonly fill: Ink } | null {
  if (state === 'failed') return { text: '✕', fill: 'bad' };
  if (state === 'succeeded') return { text: '✓', fill: 'done' };
  if (state === 'waiting') return TROUBLE.test(reason) ? { text: '↻', fill: 'bad' } : { text: '…', fill: 'waiting' };
  return ready || isInit ? null : { text: '!', fill: 'good' };
}

/** Round while it is well, square when it fails; hollow as long as it has not said anything. */
function probeMarks({ type, state }: ProbePart, x: number, y: number, radius: number): Mark[] {
  const look: Look =
    state === 'passing'
      ? { fill: 'good' }
      : state === 'failing'
        ? { fill: 'bad' }
        : {
            stroke: state === 'over' ? 'done' : 'soft',
            line: radius * 0.16,
            ...(state === 'over' ? {} : { dash: [radius * 0.4, radius * 0.3] }),
          };
  const fill: Ink = state === 'passing' || state === 'failing' ? 'onState' : 'soft';
  const round = state === 'failing' ? radius * 0.2 : radius;
  return [
    { kind: 'rect', x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, radius: round, ...look },
    { kind: 'text', x, y: y + radius * 0.48, text: LETTERS[type], size: radius * 1.35, bold: true, anchor: 'middle', fill },
  ];
}
