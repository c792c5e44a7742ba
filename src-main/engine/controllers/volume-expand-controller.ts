// Tells of claims that ask for more than they have: every plugin that could grow them here has moved to a driver with a resizer of its own.
// upstream: pkg/controller/volume/expand/expand_controller.go
import { type AnyController, defineController } from '../client/component.ts';
import { requestedSize, wantsMore } from '../kinds/core/claim-resizing.ts';
import { persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { keyOf } from '../meta/object.ts';
import { quantityValue } from '../meta/quantity.ts';

export const volumeExpandController: AnyController = defineController({
  name: 'volume_expand',
  workers: 10,
  initialState: () => ({}),
  start: ({ cache, queue, events, restored }) => {
    const claims = cache(persistentVolumeClaimKind);
    const volumes = cache(persistentVolumeKind);
    claims.onChange((next, previous) => {
      if (next === undefined || previous === undefined) return;
      if (quantityValue(requestedSize(next.spec)) > quantityValue(requestedSize(previous.spec))) queue.add(keyOf(next));
    });
    if (!restored) for (const claim of claims.values()) if (wantsMore(claim)) queue.add(keyOf(claim));
    return {
      reconcile: (key) => {
        const claim = claims.get(key);
        if (claim === undefined || !wantsMore(claim) || volumes.get(claim.spec.volumeName ?? '') === undefined) return;
        events.record(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC');
      },
    };
  },
});
