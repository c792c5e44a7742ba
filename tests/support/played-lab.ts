// A lab of any size at the other end of the window's pipe, played from texts that were made beforehand: what it costs is the window's own work.
// The function runs in the page before anything else does, so it may use nothing from outside itself.

export interface PlayedWorld {
  readonly nodes: number;
  readonly podsPerNode: number;
  /** Part of the pods that change in a second. */
  readonly churn: number;
  readonly framesPerSecond: number;
}

export interface PlayedLab {
  play(): void;
  stop(): void;
  /** So many seconds at once: in each of them the churn's part of the pods goes, with Events of two of them, and others come in their place, with a countdown for each. */
  replace(seconds: number): Promise<void>;
  /** Frames that were told. */
  readonly told: number;
}

export function installPlayedLab({ nodes, podsPerNode, churn, framesPerSecond }: PlayedWorld): void {
  // Most pods are well: a prime number of looks, so that every pod meets each of them in turn.
  const LOOKS = [...Array.from({ length: 33 }, () => 'ready'), 'not-ready', 'creating', 'back-off', 'terminating'];
  const GIBIBYTE = 2 ** 30;
  const LOOPS = 120;
  const total = nodes * podsPerNode;
  const put = (items: readonly unknown[]): unknown => ({ put: items, remove: [] });
  const pod = (index: number, turn: number): unknown => {
    const look = LOOKS[(index * 7 + turn * 5) % LOOKS.length] ?? 'ready';
    return {
      id: `uid-${index}`,
      namespace: `team-${index % 20}`,
      name: `web-${index % 400}-7d9f8b6c5d-${index.toString(36)}`,
      node: `node-${index % nodes}`,
      look,
      status: look === 'back-off' ? 'CrashLoopBackOff' : look === 'creating' ? 'ContainerCreating' : 'Running',
      readyContainers: look === 'ready' ? 1 : 0,
      containers: 1,
      restarts: look === 'back-off' ? turn % 5 : 0,
      workload: { kind: 'Deployment', name: `web-${index % 400}` },
      claims: [],
      waiting: look === 'back-off' ? 'back-off 20s restarting failed container=app' : '',
      createdMs: 1000,
    };
  };
  const node = (index: number): unknown => ({
    id: `uid-node-${index}`,
    name: `node-${index}`,
    zone: `zone-${'abc'[index % 3]}`,
    controlPlane: false,
    ready: 'True',
    status: 'Ready',
    cordoned: index % 97 === 0,
    taints: [],
    pressures: [],
    allocatable: { cpuMillis: 16_000, memoryBytes: 64 * GIBIBYTE, pods: 110 },
    requested: { cpuMillis: 4000 + (index % 9) * 1000, memoryBytes: (20 + (index % 9)) * GIBIBYTE, pods: podsPerNode },
    powered: true,
    kubeletRunning: true,
    linkCut: false,
  });
  const row = (index: number, turn: number): unknown => {
    const { id, namespace, name, status, readyContainers, restarts, node: place } = pod(index, turn) as Record<string, string>;
    const cells = [
      name,
      `${readyContainers}/1`,
      status,
      restarts,
      '17m',
      `10.244.${index % 250}.${index % 200}`,
      place,
      '<none>',
      '<none>',
    ];
    return { key: `${namespace}/${name}`, id, createdMs: 1000, deleting: false, cells };
  };
  const columns = ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node', 'Nominated Node', 'Readiness Gates'].map((name, at) => ({
    name,
    type: name === 'Restarts' ? 'integer' : 'string',
    wide: at > 4,
  }));
  const kinds = [{ kind: 'Pod', namespaced: true, simulated: true, count: total }];
  const clock = (nowMs: number): unknown => ({ nowMs, unixMs: 1_767_603_600_000 + nowMs, playing: true, speed: 1, achieved: 1 });
  const info = {
    version: '0',
    kubernetes: '1.33',
    seed: 1,
    scenario: 'played',
    failures: [],
    recovered: false,
    kept: false,
    scenarios: [],
    charts: [],
  };
  const text = (opens: boolean, nowMs: number, delta: unknown, table?: unknown): string =>
    JSON.stringify({ frame: { ...(opens ? { opened: info } : {}), clock: clock(nowMs), delta, table } });
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const first = text(true, 0, { nodes: put(range(nodes).map(node)), pods: put(range(total).map((index) => pod(index, 0))) });
  const each = Math.round((total * churn) / framesPerSecond);
  const changed = (turn: number): number[] => range(each).map((at) => (at * 7919 + turn * 104_729) % total);
  const deltaOf = (turn: number): unknown => ({
    pods: put(changed(turn).map((index) => pod(index, turn))),
    nodes: put(range(Math.ceil(each / 8)).map((at) => node((at * 613 + turn * 31) % nodes))),
  });
  const frames = range(LOOPS).map((turn) => text(false, turn * 16, deltaOf(turn)));
  const event = (index: number): unknown => ({
    id: `event-${index}`,
    atMs: index,
    type: index % 3 === 0 ? 'Warning' : 'Normal',
    reason: 'Killing',
    message: `Stopping container app of ${index}`,
    regardingKind: 'Pod',
    regardingKey: keyOf(index),
    count: 1,
    source: 'kubelet',
  });
  const countdown = (index: number, nowMs: number): unknown => ({
    id: `countdown-${index}`,
    subjectKind: 'Pod',
    subjectKey: keyOf(index),
    name: 'image-pull',
    fromMs: nowMs,
    dueMs: nowMs + 10_000,
  });
  const keyOf = (index: number): string => (row(index, 0) as { readonly key: string }).key;
  /** The same with the rows of the pods, once somebody looks at them. */
  let withRows: string[] | undefined;
  const openTable = (): void => {
    const whole = { kind: 'Pod', columns, kinds, put: range(total).map((index) => row(index, 0)), remove: [], complete: true };
    tell(text(false, 0, {}, whole));
    withRows = range(LOOPS).map((turn) => {
      const rows = changed(turn).map((index) => row(index, turn));
      return text(false, turn * 16, deltaOf(turn), { kind: 'Pod', put: rows, remove: [], complete: true });
    });
  };
  let tell: (message: string) => void = () => {};
  let timer: ReturnType<typeof setInterval> | undefined;
  let oldest = 0;
  const played = {
    told: 0,
    play(): void {
      timer = setInterval(() => {
        tell((withRows ?? frames)[played.told % LOOPS] ?? '');
        played.told += 1;
      }, 1000 / framesPerSecond);
    },
    stop(): void {
      clearInterval(timer);
    },
    async replace(seconds: number): Promise<void> {
      for (let second = 0; second < seconds; second += 1) {
        const going = range(Math.ceil(total * churn)).map((at) => oldest + at);
        const coming = going.map((index) => index + total);
        const nowMs = (played.told + 1) * 1000;
        const delta = {
          pods: { put: coming.map((index) => pod(index, 0)), remove: going.map((index) => `uid-${index}`) },
          events: put(going.slice(0, 2).map(event)),
          countdowns: { put: coming.map((index) => countdown(index, nowMs)), remove: going.map((index) => `countdown-${index}`) },
        };
        const rows = { kind: 'Pod', put: coming.map((index) => row(index, 0)), remove: going.map(keyOf), complete: true };
        tell(text(false, nowMs, delta, withRows && rows));
        oldest += going.length;
        played.told += 1;
        // The window draws, and the page lets go of what it no longer needs.
        if (second % 60 === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
  };
  const pipe = {
    host: 'browser',
    send: (request: string): void => {
      const { id, method } = JSON.parse(request) as { id: number; method: string };
      queueMicrotask(() => tell(JSON.stringify({ id, ok: true, result: {} })));
      if (method === 'table.open') setTimeout(openTable, 0);
      if (method === 'table.close') withRows = undefined;
    },
    onMessage: (listener: (message: string) => void): void => {
      tell = listener;
      setTimeout(() => tell(first), 0);
    },
  };
  Object.assign(globalThis, { lab: pipe, played });
}
