// The driver's node part: registers with each kubelet, which then says in the node's CSINode that disks can be used there.
// upstream: kubernetes-csi/node-driver-registrar, pkg/volume/csi/nodeinfomanager
import { type AnyComponent, type ComponentContext, defineComponent } from '../client/component.ts';
import { nodeKind } from '../kinds/core/node.ts';
import { csiNodeKind } from '../kinds/storage/csi-node.ts';
import { isAlreadyExists } from '../meta/status-error.ts';
import { callMs, disksPerNodeMax, driverName, topologyKey } from './block-driver.ts';

interface Memory {
  /** Timers of registrations under way, by node. */
  readonly registering: Record<string, number>;
}

export const nodeRegistrar: AnyComponent = defineComponent<Memory>({
  name: 'csi-node-driver-registrar',
  initialState: () => ({ registering: {} }),
  start: (context) => {
    const nodes = context.cache(nodeKind);
    nodes.onChange((next, previous) => {
      if (next !== undefined && previous?.metadata.uid !== next.metadata.uid) consider(context, next.metadata.name);
    });
    context.cache(csiNodeKind).onChange((next, previous) => {
      if (next === undefined && previous !== undefined) consider(context, previous.metadata.name);
    });
    // A kubelet that comes up takes registrations again.
    context.physics.listen(context.name, 'machine', 'kubelet', 'link');
    if (!context.restored) for (const node of nodes.values()) consider(context, node.metadata.name);
    return {
      onTimer: (name, node) => {
        if (name === 'register') register(context, node);
        else consider(context, node);
      },
    };
  },
});

function consider({ state, time, cache, physics }: ComponentContext<Memory>, node: string): void {
  if (state.registering[node] !== undefined || cache(csiNodeKind).get(node) !== undefined) return;
  if (cache(nodeKind).get(node) === undefined || !physics.kubeletRuns(node) || !physics.connected(node)) return;
  state.registering[node] = time.after(time.random.between(...callMs.register), 'register', node);
}

function register({ state, cache, physics, clientFrom }: ComponentContext<Memory>, name: string): void {
  delete state.registering[name];
  const node = cache(nodeKind).get(name);
  if (node === undefined || cache(csiNodeKind).get(name) !== undefined || !physics.kubeletRuns(name) || !physics.connected(name)) return;
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid };
  const driver = { name: driverName, nodeID: name, topologyKeys: [topologyKey], allocatable: { count: disksPerNodeMax } };
  try {
    clientFrom(name).create(csiNodeKind, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name, ownerReferences: [owner] },
      spec: { drivers: [driver] },
    });
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
  }
}
