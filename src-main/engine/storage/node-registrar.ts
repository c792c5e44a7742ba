// The drivers' node parts: each registers with each kubelet, which then says in the node's CSINode that its volumes can be used there.
// upstream: kubernetes-csi/node-driver-registrar, pkg/volume/csi/nodeinfomanager
import { compareText } from '../base/compare-text.ts';
import { type AnyComponent, type ComponentContext, defineComponent } from '../client/component.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { csiDriverKind } from '../kinds/storage/csi-driver.ts';
import { type CSINode, csiNodeKind } from '../kinds/storage/csi-node.ts';
import { isAlreadyExists } from '../meta/status-error.ts';
import { type Backend, driverOf } from './backends.ts';
import { callMs } from './call-times.ts';

interface Memory {
  /** Timers of registrations under way, by `node driver`. */
  readonly registering: Record<string, number>;
}

type Context = ComponentContext<Memory>;

export const nodeRegistrar: AnyComponent = defineComponent<Memory>({
  name: 'csi-node-driver-registrar',
  initialState: () => ({ registering: {} }),
  start: (context) => {
    const nodes = context.cache(nodeKind);
    const drivers = context.cache(csiDriverKind);
    nodes.onChange((next, previous) => {
      if (next !== undefined && previous?.metadata.uid !== next.metadata.uid) considerNode(context, next.metadata.name);
    });
    drivers.onChange((next, previous) => {
      if (next !== undefined && previous === undefined)
        for (const node of nodes.values()) consider(context, node.metadata.name, next.metadata.name);
    });
    context.cache(csiNodeKind).onChange((next, previous) => {
      if (next === undefined && previous !== undefined) considerNode(context, previous.metadata.name);
    });
    // A kubelet that comes up takes registrations again.
    context.physics.listen(context.name, 'machine', 'kubelet', 'link');
    if (!context.restored) for (const node of nodes.values()) considerNode(context, node.metadata.name);
    return {
      onTimer: (name, key) => {
        if (name === 'register') register(context, key);
        else considerNode(context, key);
      },
    };
  },
});

function considerNode(context: Context, node: string): void {
  for (const { metadata } of context.cache(csiDriverKind).values()) consider(context, node, metadata.name);
}

function consider({ state, time, cache, physics }: Context, node: string, driver: string): void {
  const key = `${node} ${driver}`;
  if (driverOf(driver) === undefined || state.registering[key] !== undefined || isRegistered(cache(csiNodeKind).get(node), driver)) return;
  if (cache(nodeKind).get(node) === undefined || !physics.kubeletRuns(node) || !physics.connected(node)) return;
  state.registering[key] = time.after(time.random.between(...callMs.register), 'register', key);
}

function register(context: Context, key: string): void {
  const { state, cache, physics } = context;
  delete state.registering[key];
  const [name = '', driver = ''] = key.split(' ');
  const node = cache(nodeKind).get(name);
  const backend = driverOf(driver);
  if (node === undefined || backend === undefined || cache(csiDriverKind).get(driver) === undefined) return;
  if (isRegistered(cache(csiNodeKind).get(name), driver) || !physics.kubeletRuns(name) || !physics.connected(name)) return;
  sayNode(context, node, backend);
  sayDriver(context, node, backend);
}

/** Of each driver on the node, by which name it knows the node. */
const NODE_IDS = 'csi.volume.kubernetes.io/nodeid';

/** upstream: nodeinfomanager updateNodeIDInNode, updateTopologyLabels */
function sayNode({ physics, clientFrom }: Context, { metadata: { name } }: Node, { name: driver, topologyKey }: Backend): void {
  const zone = physics.get('machine', name)?.zone ?? '';
  clientFrom(name).patch(nodeKind, name, (current) => {
    const { labels, annotations } = current.metadata;
    const known = JSON.parse(annotations?.[NODE_IDS] ?? '{}') as Readonly<Record<string, string>>;
    const lacksZone = topologyKey !== null && zone !== '' && labels?.[topologyKey] === undefined;
    if (known[driver] === name && !lacksZone) return current;
    const ids = Object.entries({ ...known, [driver]: name }).sort(([a], [b]) => compareText(a, b));
    const metadata = { ...current.metadata, annotations: { ...annotations, [NODE_IDS]: JSON.stringify(Object.fromEntries(ids)) } };
    return { ...current, metadata: lacksZone ? { ...metadata, labels: { ...labels, [topologyKey]: zone } } : metadata };
  });
}

function sayDriver({ clientFrom }: Context, { metadata: { name, uid } }: Node, backend: Backend): void {
  const { topologyKey, disksPerNodeMax } = backend;
  const driver = {
    name: backend.name,
    nodeID: name,
    topologyKeys: topologyKey === null ? null : [topologyKey],
    ...(disksPerNodeMax !== null && { allocatable: { count: disksPerNodeMax } }),
  } as unknown as CSINode['spec']['drivers'][number];
  const client = clientFrom(name);
  try {
    client.create(csiNodeKind, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
      spec: { drivers: [driver] },
    });
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
    client.patch(csiNodeKind, name, (current) =>
      isRegistered(current, backend.name) ? current : { ...current, spec: { ...current.spec, drivers: [...current.spec.drivers, driver] } },
    );
  }
}

function isRegistered(csiNode: CSINode | undefined, driver: string): boolean {
  return csiNode?.spec.drivers.some(({ name }) => name === driver) === true;
}
