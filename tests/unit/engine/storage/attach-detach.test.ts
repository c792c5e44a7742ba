import { describe, expect, test } from 'vitest';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { StorageLab } from './storage-lab.ts';

function labWithDatabase(): StorageLab {
  return new StorageLab().claim('db').select('db', 'worker-1').run(10_000).pod('old', 'worker-1', 'db').run(10_000);
}

function check(lab: StorageLab, attachments: readonly string[], disks: readonly string[]): void {
  expect(lab.picture()).toMatchObject({ attachments, disks });
}

const exclusive = "Volume is already exclusively attached to one node and can't be attached to another";

describe('a volume', () => {
  test('is attached to the node of its pod, and both are told', () => {
    const lab = labWithDatabase();
    check(lab, ['db worker-1 true'], ['zone-a: worker-1']);
    expect(lab.events()).toContain('Normal SuccessfulAttachVolume AttachVolume.Attach succeeded for volume "pvc-1" ');
    const { volumesAttached = [], volumesInUse = [] } = lab.server.get(nodeKind, 'worker-1').status;
    expect(volumesAttached.map((volume) => volume.name)).toEqual(volumesInUse);
    expect(volumesInUse[0]).toMatch(/^kubernetes\.io\/csi\/block\.csi\.orrery\.dev\^vol-[0-9a-f]{17}$/);
  });

  test('moves with its pod once the old node has unmounted it', () => {
    const lab = labWithDatabase().deletePod('old').pod('new', 'worker-2', 'db').run(60_000);
    check(lab, ['db worker-2 true'], ['zone-a: worker-2']);
    expect(lab.server.get(nodeKind, 'worker-1').status.volumesAttached).toBeUndefined();
  });

  test('is refused to a second node while a pod uses it on the first, said once', () => {
    const lab = labWithDatabase().pod('new', 'worker-2', 'db').run(300_000);
    check(lab, ['db worker-1 true'], ['zone-a: worker-1']);
    const refused = lab.events().filter((event) => event.includes('FailedAttachVolume'));
    expect(refused).toEqual(['Warning FailedAttachVolume Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) old']);
  });

  test('stays with a dead node for six minutes after its pod is gone, and a countdown says so', () => {
    const lab = labWithDatabase().killNode('worker-1').run(1000).deletePod('old').pod('new', 'worker-2', 'db').run(1000);
    expect(lab.events()).toContain(`Warning FailedAttachVolume Multi-Attach error for volume "pvc-1" ${exclusive}`);
    const [countdown] = lab.timeline.countdowns();
    expect([countdown?.countdown?.kind, countdown?.countdown?.name]).toEqual(['PersistentVolume', 'force-detach']);
    lab.run(355_000);
    check(lab, ['db worker-1 true'], ['zone-a: worker-1']);
    lab.run(20_000);
    check(lab, ['db worker-2 true'], ['zone-a: worker-2']);
  });

  test('leaves a dead node at once when the node is declared out of service', () => {
    const lab = labWithDatabase().killNode('worker-1').run(1000).deletePod('old').pod('new', 'worker-2', 'db').run(1000);
    const taint = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' as const };
    lab.changeNode('worker-1', (node) => ({ ...node, spec: { ...node.spec, taints: [taint] } })).run(15_000);
    check(lab, ['db worker-2 true'], ['zone-a: worker-2']);
  });

  test('stays with a healthy node that does not let go of it', () => {
    const lab = labWithDatabase();
    lab.physics.change('kubelet', 'worker-1', { running: false });
    lab.deletePod('old').pod('new', 'worker-2', 'db').run(900_000);
    check(lab, ['db worker-1 true'], ['zone-a: worker-1']);
    lab.killNode('worker-1').run(10_000);
    check(lab, ['db worker-2 true'], ['zone-a: worker-2']);
  });

  test('stays with a node that was deleted while it had it mounted, for six minutes too', () => {
    const lab = labWithDatabase().killNode('worker-1').run(1000);
    lab.server.delete(nodeKind, 'worker-1', {}, 'me');
    lab.deletePod('old').pod('new', 'worker-2', 'db').run(350_000);
    check(lab, ['db worker-1 true'], ['zone-a: worker-1']);
    lab.run(30_000);
    check(lab, ['db worker-2 true'], ['zone-a: worker-2']);
  });

  test('stays in its zone', () => {
    const lab = new StorageLab().claim('db').select('db', 'worker-1').run(10_000).pod('p', 'worker-3', 'db').run(10_000);
    check(lab, ['db worker-3 false'], ['zone-a: ']);
    expect(lab.events()).toContain(
      'Warning FailedAttachVolume AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = InvalidArgument desc = could not attach volume "vol-1" to node "worker-3": the volume is in zone "zone-a", the node in zone "zone-b"',
    );
  });

  test('that has failed cannot be attached: the pod is told, more and more rarely', () => {
    const lab = new StorageLab().claim('db').select('db', 'worker-1').run(10_000);
    for (const handle of lab.physics.all('disk').keys()) lab.physics.change('disk', handle, { lost: true });
    lab.pod('p', 'worker-1', 'db').run(120_000);
    check(lab, ['db worker-1 false'], ['zone-a: ']);
    expect(lab.events()).toContain(
      'Warning FailedAttachVolume AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = could not attach volume "vol-1" to node "worker-1": the volume has failed',
    );
    for (const handle of lab.physics.all('disk').keys()) lab.physics.change('disk', handle, { lost: false });
    lab.run(300_000);
    check(lab, ['db worker-1 true'], ['zone-a: worker-1']);
  });
});

test('a saved world goes on as the one it was saved from, at any instant', () => {
  for (const ms of [0, 137, 1500, 4321, 60_000]) {
    const lab = labWithDatabase().deletePod('old').pod('new', 'worker-2', 'db').run(ms);
    const twin = new StorageLab(JSON.parse(JSON.stringify(lab.save())));
    expect(twin.run(120_000).save()).toEqual(lab.run(120_000).save());
  }
});

test('a disk is never on two nodes, wherever pods are thrown', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const lab = new StorageLab(null, seed).claim('db').select('db', 'worker-1').run(10_000);
    const chance = lab.timeline.stream('test');
    const alive = new Set<string>();
    for (let index = 0; index < 40; index += 1) {
      const name = `pod-${index}`;
      if (alive.size > 0 && chance.below(2) === 0) {
        const victim = chance.pick([...alive]);
        lab.deletePod(victim);
        alive.delete(victim);
      } else {
        lab.pod(name, chance.pick(['worker-1', 'worker-2']), 'db');
        alive.add(name);
      }
      const until = lab.timeline.nowMs + chance.below(9000);
      while ((lab.timeline.nextDueMs() ?? Number.POSITIVE_INFINITY) <= until) {
        lab.timeline.step();
        for (const disk of lab.physics.all('disk').values()) expect(disk.attachedTo.length).toBeLessThan(2);
      }
    }
  }
});
