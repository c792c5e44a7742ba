// What a person did: failures applied and healed, objects applied and deleted, requests of kubectl.
import type { Command } from '../../engine/cluster.ts';
import { failures } from '../../engine/failures/registry.ts';
import { kindKey, splitApiVersion } from '../../engine/kinds/kind.ts';
import type { StepDraft } from './step-draft.ts';

const KIND_OF_TARGET: Readonly<Record<string, string>> = { node: 'Node', zone: 'Zone', disk: 'PersistentVolume', container: 'Pod' };

/** `named`: the failures that were applied, by id, as the person called their target. */
export function commandStep(command: Command, named: ReadonlyMap<string, { failure: string; target: string }>): StepDraft {
  const lane = 'actions';
  switch (command.type) {
    case 'fail':
      return failureStep('failure.begins', 'bad', command.failure, command.target, '');
    case 'heal': {
      const colon = command.id.indexOf(':');
      const known = named.get(command.id) ?? { failure: command.id.slice(0, colon), target: command.id.slice(colon + 1) };
      return failureStep('failure.ends', 'good', known.failure, known.target, command.id);
    }
    case 'delete':
      return { lane, tone: 'plain', what: 'command.delete', kind: command.kind, key: command.key };
    case 'apply': {
      const { apiVersion, kind, metadata } = command.object as unknown as Applied;
      const key = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
      return { lane, tone: 'plain', what: 'command.apply', kind: kindKey({ kind, group: splitApiVersion(apiVersion).group }), key };
    }
    case 'load': {
      const { service, requestsPerSecond } = command;
      const what = requestsPerSecond > 0 ? 'command.load' : 'command.loadEnds';
      return { lane, tone: 'plain', what, kind: 'Service', key: service, values: { requestsPerSecond } };
    }
    case 'node-group': {
      const { name, group } = command;
      if (group === null) return { lane, tone: 'plain', what: 'command.groupEnds', kind: '', key: '', values: { group: name } };
      const { zone, minSize, maxSize } = group;
      return { lane, tone: 'plain', what: 'command.group', kind: '', key: '', values: { group: name, zone, minSize, maxSize } };
    }
    case 'request':
      return {
        lane,
        tone: 'plain',
        what: 'command.request',
        kind: '',
        key: '',
        values: { method: command.request.method, path: command.request.path, agent: command.request.agent.split('/')[0] ?? '' },
      };
    default:
      return { lane, tone: 'plain', what: 'command.other', kind: '', key: '', values: { type: (command as { type: string }).type } };
  }
}

interface Applied {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export function failureStep(what: string, tone: 'good' | 'bad', failure: string, target: string, id: string): StepDraft {
  const kind = failures.find(({ name }) => name === failure);
  const key =
    kind?.target === 'container'
      ? target.slice(0, target.lastIndexOf('/'))
      : kind?.target === 'registry' || kind?.target === 'component'
        ? ''
        : target;
  const lasting = kind?.momentary === true ? 0 : 1;
  return {
    lane: 'actions',
    tone,
    what,
    kind: KIND_OF_TARGET[kind?.target ?? ''] ?? '',
    key,
    values: { failure, target, lasting, ...(id === '' ? {} : { id }) },
  };
}
