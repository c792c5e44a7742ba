/**
 * The small drawings, each in a box of 20 by 20: one for each look of a pod, volume and claim, and a few signs.
 * Colour, shape and sign always differ together, so that no state is told by colour alone.
 */
import type { ClaimRecord, PodLook, VolumeRecord } from '../../src-main/contract/view.ts';
import type { Look, Mark } from './mark.ts';

export type GlyphName = keyof typeof GLYPHS;

export function podGlyph(look: PodLook): GlyphName {
  return `pod-${look}`;
}

export function volumeGlyph(volume: VolumeRecord): GlyphName {
  if (volume.diskLost || volume.phase === 'Failed') return 'volume-failed';
  if (volume.terminating) return 'volume-terminating';
  return VOLUME_GLYPHS[volume.phase];
}

export function claimGlyph(claim: ClaimRecord): GlyphName {
  if (claim.terminating) return 'claim-terminating';
  return CLAIM_GLYPHS[claim.phase];
}

export function glyphMarks(name: string): readonly Mark[] {
  const marks = (GLYPHS as Readonly<Record<string, readonly Mark[]>>)[name];
  if (!marks) throw new Error(`unknown glyph: ${name}`);
  return marks;
}

export function glyphNames(): readonly string[] {
  return Object.keys(GLYPHS);
}

const square = (look: Look): Mark => ({ kind: 'rect', x: 2, y: 2, width: 16, height: 16, radius: 4, ...look });
const path = (d: string, look: Look): Mark => ({ kind: 'path', x: 0, y: 0, d, ...look });
/** Drawn, not written: they are there at each size. */
const SIGNS = {
  '!': 'M10 5.4v5.4M10 13.9v.5',
  '?': 'M7.5 7.9a2.5 2.5 0 1 1 3.7 2.2q-1.2 .7 -1.2 1.7M10 14.2v.3',
} as const;
const sign = (text: keyof typeof SIGNS, stroke: 'good' | 'lost'): Mark => path(SIGNS[text], { stroke, line: 1.9 });

const CYLINDER = 'M3 5.5C3 3.6 6.1 2 10 2s7 1.6 7 3.5v9c0 1.9-3.1 3.5-7 3.5s-7-1.6-7-3.5Z';
const LID = 'M3 5.5C3 7.4 6.1 9 10 9s7-1.6 7-3.5';
const TICKET = 'M2 5h16v3.2a1.9 1.9 0 0 0 0 3.6V15H2v-3.2a1.9 1.9 0 0 0 0-3.6Z';
const STUB = 'M13 5.6v1.8M13 9.1v1.8M13 12.6v1.8';
const HEPTAGON = 'M10 1.5 16.8 4.8 18.5 12.1 13.8 18H6.2L1.5 12.1 3.2 4.8Z';
const HATCH = 'M3.5 9.5 9.5 3.5M3.5 15.5 15.5 3.5M6.5 17.5 16.5 7.5M12.5 17.5 16.5 13.5';

const GLYPHS = {
  'pod-ready': [square({ fill: 'good' })],
  'pod-not-ready': [square({ stroke: 'good', line: 2 }), sign('!', 'good')],
  'pod-unscheduled': [
    square({ stroke: 'waiting', line: 1.8, dash: [3.4, 2.4] }),
    path('M10 6.2v4.2l2.6 1.8', { stroke: 'waiting', line: 1.7 }),
  ],
  'pod-creating': [
    square({ stroke: 'progress', line: 1.2, alpha: 0.6 }),
    path('M10 5.8a4.2 4.2 0 1 1-4.2 4.2', { stroke: 'progress', line: 2.2 }),
  ],
  'pod-back-off': [square({ fill: 'bad' }), path('M6.4 10a3.8 3.8 0 1 0 1.3-2.9M7.9 4.6v2.7h2.7', { stroke: 'onState', line: 1.7 })],
  'pod-failed': [square({ fill: 'dead' }), path('M6.5 6.5l7 7M13.5 6.5l-7 7', { stroke: 'onBrand', line: 2.2 })],
  'pod-succeeded': [square({ fill: 'done' }), path('M6 10.4l2.8 2.8 5.2-6', { stroke: 'onState', line: 2.2 })],
  'pod-terminating': [path(HATCH, { stroke: 'ending', line: 1.5, alpha: 0.8 }), square({ stroke: 'ending', line: 1.4 })],
  'pod-unknown': [square({ stroke: 'lost', line: 1.5, dash: [1.6, 2.2] }), sign('?', 'lost')],
  'volume-pending': [path(CYLINDER, { stroke: 'waiting', line: 1.5, dash: [3, 2.2] }), path(LID, { stroke: 'waiting', line: 1.3 })],
  'volume-available': [path(CYLINDER, { stroke: 'good', line: 1.6 }), path(LID, { stroke: 'good', line: 1.4 })],
  'volume-bound': [path(CYLINDER, { fill: 'good' }), path(LID, { stroke: 'onState', line: 1.3 })],
  'volume-released': [path(CYLINDER, { fill: 'released' }), path('M10 9.2l3.8 4H6.2ZM6.2 14.4h7.6v1.5H6.2Z', { fill: 'onState' })],
  'volume-failed': [path(CYLINDER, { fill: 'dead' }), path('M7 8.8l6 6M13 8.8l-6 6', { stroke: 'onBrand', line: 2 })],
  'volume-terminating': [
    path(CYLINDER, { stroke: 'ending', line: 1.5 }),
    path('M4 13 10 8.5M5.5 16.5 16 8.5M11.5 17 16 13.5', { stroke: 'ending', line: 1.3, alpha: 0.8 }),
  ],
  'claim-pending': [
    path(TICKET, { stroke: 'waiting', line: 1.5, dash: [3, 2] }),
    path('M8 7.4v3l1.8 1.2', { stroke: 'waiting', line: 1.5 }),
  ],
  'claim-bound': [path(TICKET, { fill: 'good' }), path(STUB, { stroke: 'onState', line: 1.3 })],
  'claim-lost': [path(TICKET, { fill: 'bad' }), path('M6 7.4l5 5.2M11 7.4l-5 5.2', { stroke: 'onState', line: 1.8 })],
  'claim-terminating': [
    path(TICKET, { stroke: 'ending', line: 1.4 }),
    path('M4 13l6-7M8 14l7-8M13 14l3-3.4', { stroke: 'ending', line: 1.3, alpha: 0.8 }),
  ],
  'class-plain': [path(HEPTAGON, { stroke: 'soft', line: 1.5 }), path('M6 7.5h8M6 10.5h8M6 13.5h8', { stroke: 'soft', line: 1.5 })],
  'control-plane': [path(HEPTAGON, { fill: 'brand' }), path('M10 5v10M5.6 8l8.8 4.6M14.4 8l-8.8 4.6', { stroke: 'onBrand', line: 1.3 })],
  'state-ready': [path('M5 10.4l3.4 3.4L15 6.4', { stroke: 'good', line: 2.4 })],
  'state-not-ready': [path('M10 3.5 17.5 16.5H2.5Z', { stroke: 'bad', line: 2 }), path('M10 8.4v4M10 14v.6', { stroke: 'bad', line: 2 })],
  'state-unknown': [sign('?', 'lost'), path('M10 1.8a8.2 8.2 0 1 1-.01 0', { stroke: 'lost', line: 1.5, dash: [4.3, 4.3] })],
  'powered-off': [path('M10 3v6M6 5.2a6.2 6.2 0 1 0 8 0', { stroke: 'bad', line: 2.2 })],
  'network-cut': [
    path('M3 10h3.6M13.4 10H17M8.2 7.4a3.2 3.2 0 0 0-1.6 2.6 3.2 3.2 0 0 0 1.6 2.6M11.8 7.4a3.2 3.2 0 0 1 1.6 2.6 3.2 3.2 0 0 1-1.6 2.6', {
      stroke: 'bad',
      line: 1.8,
    }),
    path('M11.6 3 8.4 17', { stroke: 'bad', line: 1.6 }),
  ],
  'kubelet-stopped': [
    path('M10 3a7 7 0 1 1-.01 0', { stroke: 'bad', line: 1.8 }),
    path('M8 7.4v5.2M12 7.4v5.2', { stroke: 'bad', line: 2 }),
  ],
  'pressure-memory': [path('M4 6h12v8H4ZM7 14v2.4M10 14v2.4M13 14v2.4M7 9.2h6', { stroke: 'memory', line: 1.7 })],
  'pressure-disk': [path('M4 5.5h12v9H4ZM4 11.5h12M13 13h.6', { stroke: 'disk', line: 1.7 })],
  'pressure-pid': [path('M4 10h3l2-4 2.4 8 2-4H16', { stroke: 'pid', line: 1.7 })],
} as const satisfies Readonly<Record<string, readonly Mark[]>>;

const VOLUME_GLYPHS = {
  Pending: 'volume-pending',
  Available: 'volume-available',
  Bound: 'volume-bound',
  Released: 'volume-released',
  Failed: 'volume-failed',
} as const;
const CLAIM_GLYPHS = { Pending: 'claim-pending', Bound: 'claim-bound', Lost: 'claim-lost' } as const;
