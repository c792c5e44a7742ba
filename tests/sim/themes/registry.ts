// The ordered list of themes.
import { addressesTheme } from './addresses.ts';
import { autoscalingTheme } from './autoscaling.ts';
import { certificatesTheme } from './certificates.ts';
import { customTheme } from './custom.ts';
import { nodesTheme } from './nodes.ts';
import { peopleTheme } from './people.ts';
import { policyTheme } from './policy.ts';
import { roomTheme } from './room.ts';
import { sandboxesTheme } from './sandboxes.ts';
import { servicesTheme } from './services.ts';
import { storageTheme } from './storage.ts';
import type { Theme } from './theme.ts';

export const themes: readonly Theme[] = [
  addressesTheme,
  autoscalingTheme,
  certificatesTheme,
  customTheme,
  nodesTheme,
  peopleTheme,
  policyTheme,
  roomTheme,
  sandboxesTheme,
  servicesTheme,
  storageTheme,
];
