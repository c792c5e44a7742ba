// The other end of the pipe, played from a recording: for tests of the window that need no engine.
import type { ObjectDetail, Pipe, Prediction, ToMain } from '../../src-main/contract/bridge.ts';
import type { Frame } from '../../src-main/contract/view.ts';

export interface FakeLab {
  readonly pipe: Pipe;
  /** What the window has asked for, in order. */
  readonly asked: readonly ToMain[];
  push(frame: Frame): void;
}

export const PREDICTION: Prediction = {
  horizonMs: 900_000,
  steps: [
    { afterMs: 46_000, what: 'node-unknown', values: { node: 'worker-5', count: 1, untilMs: 46_000 } },
    { afterMs: 46_200, what: 'endpoints-drop', values: { count: 2, untilMs: 47_000 } },
    { afterMs: 351_000, what: 'pods-deleted', values: { count: 2, untilMs: 351_000, pods: 'cart-1, db-1' } },
    { afterMs: 351_000, what: 'pods-replaced', values: { count: 2, untilMs: 351_000, pods: 'cart-2, db-2' } },
    { afterMs: 356_000, what: 'pods-ready-again', values: { count: 1, untilMs: 356_000, pods: 'cart-2' } },
    {
      afterMs: 900_000,
      what: 'volume-stuck',
      values: { pod: 'db-59cf8d9d7b-x2pld', reason: 'Multi-Attach error for volume "pvc-3f1c9a52"' },
    },
  ],
};

/** Answers all requests; `answers` overrides by method, and a thrown error becomes a refusal. */
export function fakeLab(frames: readonly Frame[], answers: Readonly<Record<string, (params: never) => unknown>> = {}): FakeLab {
  const asked: ToMain[] = [];
  let listener: (text: string) => void = () => {};
  const post = (message: unknown): void => listener(JSON.stringify(message));
  const answer = (request: ToMain): void => {
    const known = answers[request.method] ?? ANSWERS[request.method];
    try {
      post({ id: request.id, ok: true, result: known ? known(request.params as never) : {} });
    } catch (error) {
      post({ id: request.id, ok: false, error: (error as Error).message });
    }
  };
  return {
    asked,
    push: (frame) => post({ frame }),
    pipe: {
      host: 'browser',
      send: (text) => {
        const request = JSON.parse(text) as ToMain;
        asked.push(request);
        queueMicrotask(() => answer(request));
      },
      onMessage: (next) => {
        listener = next;
        queueMicrotask(() => {
          for (const frame of frames) post({ frame });
        });
      },
    },
  };
}

const ANSWERS: Readonly<Record<string, (params: never) => unknown>> = {
  'failure.predict': () => PREDICTION,
  'failure.apply': () => ({ id: '9' }),
  'object.get': ({ kind, key }: { kind: string; key: string }): ObjectDetail => detailOf(kind, key),
  'manifest.apply': () => ({
    faults: [],
    results: [
      {
        kind: 'Deployment.apps',
        namespace: 'default',
        name: 'web',
        outcome: 'created',
        message: '',
        warnings: ['unknown field "spec.replica"'],
      },
      {
        kind: 'Service',
        namespace: 'default',
        name: 'web',
        outcome: 'refused',
        message: 'Service "web" is invalid: spec.ports: Required value',
        warnings: [],
      },
    ],
  }),
  'snapshot.export': () => ({ name: 'web-shop.orrery', base64: 'AAEC' }),
};

function detailOf(kind: string, key: string): ObjectDetail {
  const [namespace = '', name = key] = key.includes('/') ? key.split('/') : ['', key];
  return {
    kind,
    apiVersion: 'v1',
    namespace,
    name,
    simulated: true,
    headline: [],
    labels: { app: 'db' },
    annotations: {},
    summary: [
      { label: 'Ready', value: '1/1' },
      { label: 'Status', value: 'Running' },
      { label: 'Restarts', value: '0' },
      { label: 'Age', value: '5m12s' },
      { label: 'IP', value: '10.244.5.3' },
    ],
    conditions: [
      { type: 'Ready', status: 'True', reason: '', message: '', sinceMs: 34_000 },
      { type: 'ContainersReady', status: 'True', reason: '', message: '', sinceMs: 34_000 },
      { type: 'PodScheduled', status: 'True', reason: '', message: '', sinceMs: 4000 },
    ],
    events: [
      {
        type: 'Warning',
        reason: 'Unhealthy',
        message: 'Startup probe failed: connection refused',
        count: 3,
        lastMs: 21_000,
        source: 'kubelet',
      },
      { type: 'Normal', reason: 'Started', message: 'Started container mysql', count: 1, lastMs: 9200, source: 'kubelet' },
    ],
    related: [
      { relation: 'owner', kind: 'ReplicaSet.apps', key: 'default/db-59cf8d9d7b' },
      { relation: 'node', kind: 'Node', key: 'worker-5' },
      { relation: 'claim', kind: 'PersistentVolumeClaim', key: 'default/db-data' },
    ],
    lives: [{ chart: 'pod', title: 'Pod', state: 'work.running|phase.Running', sinceMs: 9200, waits: [], steps: [] }],
    containers: kind === 'Pod' ? ['mysql'] : [],
    why: [],
    resources: null,
    yaml: `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  labels:\n    app: db\nspec:\n  containers:\n    - name: mysql\n      image: mysql:8.4\n      ports:\n        - containerPort: 3306\n  restartPolicy: Always\nstatus:\n  phase: Running\n`,
  };
}
