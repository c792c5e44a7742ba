/**
 * The line drawings of the window, each in a box of 20 by 20, in the colour of the text beside it.
 * They are our own, in one weight, so that none of them speaks louder than the others.
 */
export type IconName = keyof typeof ICON_PATHS;

export const ICON_PATHS = {
  play: 'M6 4.2v11.6L15.5 10Z',
  pause: 'M6.5 4.5v11M13.5 4.5v11',
  step: 'M4.5 4.5v11L11 10ZM14.5 4.5v11',
  next: 'M3.5 5v10L9 10ZM10 5v10l5.5-5ZM17 5v10',
  open: 'M3 6.5V15a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V8a1 1 0 0 0-1-1h-6L8.2 5H4a1 1 0 0 0-1 1.5Z',
  save: 'M10 3.5v9M6.5 9 10 12.5 13.5 9M4 16.5h12',
  plus: 'M10 4.5v11M4.5 10h11',
  minus: 'M4.5 10h11',
  fit: 'M7 3.5H4a.5.5 0 0 0-.5.5v3M13 3.5h3a.5.5 0 0 1 .5.5v3M7 16.5H4a.5.5 0 0 1-.5-.5v-3M13 16.5h3a.5.5 0 0 0 .5-.5v-3',
  moon: 'M16 11.8A6.6 6.6 0 0 1 8.2 4a6.6 6.6 0 1 0 7.8 7.8Z',
  sun: 'M10 6.8a3.2 3.2 0 1 1-.01 0M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M15.3 4.7l-1.1 1.1M5.8 14.2l-1.1 1.1',
  language: 'M10 3a7 7 0 1 1-.01 0M3.2 10h13.6M10 3c2 2 2.8 4.4 2.8 7S12 15 10 17c-2-2-2.8-4.4-2.8-7S8 5 10 3',
  help: 'M7.6 7.6A2.5 2.5 0 1 1 10 10.6v1.2M10 14.6v.2M10 2.8a7.2 7.2 0 1 1-.01 0',
  search: 'M8.8 3.8a5 5 0 1 1-.01 0M12.6 12.6 16.4 16.4',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  more: 'M5 10h.1M10 10h.1M15 10h.1',
  fold: 'M5 7.5l5 5 5-5',
  unfold: 'M5 12.5l5-5 5 5',
  back: 'M11.5 5 6.5 10l5 5',
  topology: 'M3.5 4h5.5v5H3.5ZM11 4h5.5v5H11ZM3.5 11.5h5.5v5H3.5ZM11 11.5h5.5v5H11Z',
  storage: 'M4 6c0-1.4 2.7-2.4 6-2.4S16 4.6 16 6v8c0 1.4-2.7 2.4-6 2.4S4 15.4 4 14ZM4 6c0 1.4 2.7 2.4 6 2.4S16 7.4 16 6',
  lifecycle:
    'M3 10a2.4 2.4 0 1 0 4.8 0 2.4 2.4 0 1 0-4.8 0M12.2 5a2.4 2.4 0 1 0 4.8 0 2.4 2.4 0 1 0-4.8 0M12.2 15a2.4 2.4 0 1 0 4.8 0 2.4 2.4 0 1 0-4.8 0M7.6 8.8l4.7-2.6M7.6 11.2l4.7 2.6',
  timeline: 'M3 10h14M5.5 7v6M9.5 5.5v9M14 8v4',
  both: 'M3.5 4h5.800v12.500H3.500ZM11 4h5.500v12.500H11Z',
  heal: 'M4.5 10a5.5 5.5 0 1 0 1.8-4.100M6 3v3.200h3.2',
  table: 'M3.5 4.500h13v11h-13ZM3.5 8.200h13M3.5 11.900h13M8 8.200v7.300',
  scale: 'M4 16.500h3v-5H4ZM8.500 16.500h3V8h-3ZM13 16.500h3v-13h-3Z',
  cordon: 'M3.5 8h13v4h-13ZM6.500 8l-2 4M11 8l-2 4M15.500 8l-2 4M5 12v4M15 12v4',
  uncordon: 'M3.5 8h4M12.500 8h4M3.5 12h4M12.500 12h4M5 12v4M15 12v4',
  drain: 'M4 4.500h12l-4.500 6v5L8.500 14v-3.500Z',
  taint: 'M10 3.200c3 3.800 4.500 6 4.500 8.200a4.500 4.500 0 0 1-9 0C5.500 9.200 7 7 10 3.200Z',
  move: 'M3.5 4.500h5v5h-5ZM11.500 10.500h5v5h-5ZM10.500 6h3.500v3M12 7.700l2 2 2-2',
  evict: 'M8 4H4v12h4M9 10h7.500M13.500 7l3 3-3 3',
  edit: 'M4 16l1-4 8.500-8.500 3 3L8 15ZM11.500 5.500l3 3',
  command: 'M4 6l4 4-4 4M10.500 14H16',
  undo: 'M7 4.500 3.800 7.700 7 10.900M4.200 7.700h7.300a4 4 0 0 1 0 8H8',
  trash: 'M4.5 6h11M8 6V4h4v2M6 6l.7 10h6.600L14 6',
  warning: 'M10 3.5 17.5 16.500H2.500ZM10 8.400v4M10 14.200v.3',
} as const;
