import { expect, test } from 'vitest';
import type { ToMain } from '../../../src-main/contract/bridge.ts';
import { createLabClient } from '../../../src-renderer/link/lab-client.ts';
import { shopFrame } from '../../support/sample-world.ts';

function wire() {
  const sent: ToMain[] = [];
  let receive: (text: string) => void = () => {};
  let close: (ended: boolean) => void = () => {};
  const client = createLabClient({
    host: 'browser',
    send: (text) => sent.push(JSON.parse(text) as ToMain),
    onMessage: (listener) => {
      receive = listener;
    },
    onClose: (listener) => {
      close = listener;
    },
  });
  return { client, sent, post: (message: unknown) => receive(JSON.stringify(message)), close: (ended: boolean) => close(ended) };
}

test('answers find their questions in any order', async () => {
  const { client, sent, post } = wire();
  const both = Promise.all([client.request('clock.play', {}), client.request('failure.apply', { failure: 'node-power-off', target: 'w' })]);
  post({ id: sent[1]?.id, ok: true, result: { id: '7' } });
  post({ id: sent[0]?.id, ok: true, result: {} });
  expect(await both).toEqual([{}, { id: '7' }]);
  expect(sent.map(({ method }) => method)).toEqual(['clock.play', 'failure.apply']);
});

test('a refusal is an error with its message', async () => {
  const { client, sent, post } = wire();
  const asked = client.request('clock.step', {});
  post({ id: sent[0]?.id, ok: false, error: 'nothing is due' });
  await expect(asked).rejects.toThrow('nothing is due');
});

test('frames that came before the listener are kept for it, and menus follow', () => {
  const { client, post } = wire();
  post({ frame: shopFrame() });
  const heard: string[] = [];
  client.listen({
    frame: (frame) => heard.push(`frame ${frame.delta.nodes?.put.length}`),
    menu: (choice) => heard.push(choice),
    closed: () => heard.push('closed'),
  });
  post({ menu: 'save-snapshot' });
  expect(heard).toEqual(['frame 10', 'save-snapshot']);
});

test.each([false, true])('when the pipe closes, nobody waits for ever and why is told: ended %s', async (ended) => {
  const { client, close } = wire();
  const closed: boolean[] = [];
  client.listen({
    frame: () => {},
    menu: () => {},
    closed: (why) => closed.push(why),
  });
  const asked = client.request('clock.play', {});
  close(ended);
  await expect(asked).rejects.toThrow('connection');
  expect(closed).toEqual([ended]);
});
