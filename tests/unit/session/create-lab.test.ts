import { expect, test } from 'vitest';
import type { LoggedCommand } from '../../../src-main/engine/cluster.ts';
import { createLab } from '../../../src-main/session/create-lab.ts';
import type { LabStorage } from '../../../src-main/session/lab-keeper.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';

/** A disk in memory. */
function disk() {
  const kept: { world: number; bytes: Uint8Array; commands: [number, LoggedCommand][] } = {
    world: -1,
    bytes: new Uint8Array(),
    commands: [],
  };
  const storage: LabStorage = {
    saveWorld: (world, bytes) => Object.assign(kept, { world, bytes, commands: [] }),
    saveCommand: (_world, index, command) => kept.commands.push([index, command]) > 0,
  };
  return { kept, storage, left: () => ({ world: kept.bytes, commands: kept.commands }) };
}

const ask = async (lab: ReturnType<typeof createLab>, method: string, params: unknown): Promise<unknown> => {
  const answers: string[] = [];
  const session = lab.openSession((text) => answers.push(text));
  session.receive(JSON.stringify({ id: 1, method, params }));
  await expect.poll(() => answers.some((text) => (JSON.parse(text) as { id?: number }).id === 1)).toBe(true);
  session.close();
  return answers.map((text) => JSON.parse(text) as { id?: number }).find(({ id }) => id === 1);
};

test('after a crash the lab stands where the last command left it', async () => {
  const { kept, storage, left } = disk();
  const lab = createLab({ storage, scenario: builtInScenario('web-shop', 3), playing: false });
  const { cluster } = lab.world;
  await ask(lab, 'failure.apply', { failure: 'node-power-off', target: 'worker-2' });
  cluster.advance(90_000);
  await ask(lab, 'object.act', {
    action: { do: 'delete', cascade: 'Background' },
    names: [{ kind: 'Pod', key: [...cluster.store.table('Pod').keys()][0] }],
  });
  cluster.advance(91_234, 3);
  await ask(lab, 'failure.apply', { failure: 'node-power-off', target: 'no-such-node' });
  await ask(lab, 'manifest.apply', { files: [{ name: 'c.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}' }] });
  lab.close();
  expect(kept.commands.length).toBeGreaterThan(1);

  const again = createLab({ storage, left: left(), playing: false }).world.cluster;
  expect(again.timeline.nowMs).toBe(cluster.timeline.nowMs);
  expect(JSON.stringify(again.save())).toBe(JSON.stringify(cluster.save()));
});

test('a world that is opened is on disk at once, in place of the one before', async () => {
  const { kept, storage, left } = disk();
  const lab = createLab({ storage, playing: false });
  await ask(lab, 'failure.apply', { failure: 'node-power-off', target: 'worker-2' });
  expect(kept.world).toBe(0);
  await ask(lab, 'lab.new', { scenario: 'empty' });
  expect(kept).toMatchObject({ world: 1, commands: [] });
  expect(createLab({ storage, left: left(), playing: false }).world.cluster.scenario.name).toBe('empty');
});
