import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { mergedText, ownKubeconfig } from '../../../../src-main/hosts/http/merge-kubeconfig.ts';

const ACCESS = { server: 'https://127.0.0.1:16443', authority: 'PEM', user: 'kubernetes-admin', token: 'secret' };

const OWN = `# mine
apiVersion: v1
kind: Config
clusters:
- name: work # the real one
  cluster: {server: https://work.example}
users:
- name: me
  user: {token: abc}
contexts:
- name: work
  context: {cluster: work, user: me}
current-context: work
`;

function check(text: string, contexts: readonly string[]): void {
  const merged = mergedText(text, ACCESS);
  const config = parse(merged);
  expect(config.contexts.map(({ name }: { name: string }) => name)).toEqual(contexts);
  expect(config['current-context']).toBe('orrery');
  const [cluster, user] = ['clusters', 'users'].map((list) => config[list].find(({ name }: { name: string }) => name === 'orrery'));
  expect([cluster.cluster.server, user.user.token]).toEqual([ACCESS.server, ACCESS.token]);
}

test('there was no kubeconfig', () => check('', ['orrery']));
test('there was one, and everything in it stays', () => {
  check(OWN, ['work', 'orrery']);
  expect(mergedText(OWN, ACCESS)).toContain('# mine');
  expect(mergedText(OWN, ACCESS)).toContain('- name: work # the real one');
});
test('a later lab takes the place of an earlier one', () => check(mergedText(OWN, { ...ACCESS, token: 'older' }), ['work', 'orrery']));
test('lists that are empty', () => check('apiVersion: v1\nkind: Config\nclusters: null\nusers: []\n', ['orrery']));
test('what is no kubeconfig is left alone', () => {
  expect(() => mergedText('just text', ACCESS)).toThrow('no kubeconfig');
  expect(() => mergedText('a: [', ACCESS)).toThrow('no kubeconfig');
});
test('the file that kubectl changes', () => {
  expect(ownKubeconfig({ KUBECONFIG: '/a/b:/c' })).toBe('/a/b');
  expect(ownKubeconfig({})).toMatch(/\.kube.config$/);
});
