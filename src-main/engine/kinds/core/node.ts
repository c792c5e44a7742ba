// Node: its type and all of its API rules. upstream: pkg/registry/core/node/strategy.go, printers.go printNode
import type { Node as OpenApiNode } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldDuplicate, fieldForbidden } from '../../meta/field-error.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { validateRanges } from './address-list-validation.ts';
import { resourceAmount } from './resource-validation.ts';
import { validateTaints } from './toleration-validation.ts';

export type Node = Stored<OpenApiNode, 'spec' | 'status'>;

const specPath = new FieldPath('spec');
const ROLE_PREFIX = 'node-role.kubernetes.io/';
const ROLE_LABEL = 'kubernetes.io/role';

export const nodeKind = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  hasStatus: true,
  // A kubelet registers its node together with the status, so that creation keeps it.
  defaults: (node) => {
    const { spec = {}, status = {} } = node;
    const filled = status.allocatable === undefined && status.capacity !== undefined ? { ...status, allocatable: status.capacity } : status;
    return node.spec === spec && node.status === filled ? node : { ...node, spec, status: filled };
  },
  validate: validateNode,
  validateUpdate,
  selectableFields: ({ spec }) => ({ 'spec.unschedulable': String(spec.unschedulable ?? false) }),
  columns: nodeColumns(),
});

/** Upstream looks for the taints below the metadata, and holds amounts to rules but not their names. */
function validateNode({ spec, status }: Node): readonly FieldError[] {
  const amounts = (field: 'capacity' | 'allocatable') =>
    Object.entries(status[field] ?? {}).flatMap(([name, text]) => resourceAmount(name, text, new FieldPath('status', field, name)));
  return [
    ...validateTaints(spec.taints, new FieldPath('metadata', 'taints')),
    ...amounts('capacity'),
    ...amounts('allocatable'),
    ...validateRanges(spec.podCIDRs ?? [], specPath.child('podCIDRs')),
  ];
}

/** upstream: ValidateNodeUpdate */
function validateUpdate({ spec, status }: Node, { spec: previous }: Node): readonly FieldError[] {
  const errors: FieldError[] = [];
  const addresses = (status.addresses ?? []).map(({ type, address }) => `${type}/${address}`);
  for (const [index, address] of addresses.entries())
    if (addresses.indexOf(address) < index)
      errors.push(fieldDuplicate(new FieldPath('status', 'addresses').index(index), status.addresses?.[index]));
  const had = previous.podCIDRs ?? [];
  const ranges = spec.podCIDRs ?? [];
  const moved = had.length === ranges.length ? had.filter((range, index) => range !== ranges[index]) : had.slice(0, 1);
  for (const _ of moved)
    errors.push(fieldForbidden(specPath.child('podCIDRs'), 'node updates may not change podCIDR except from "" to valid'));
  if ((previous.providerID ?? '') !== '' && previous.providerID !== spec.providerID)
    errors.push(fieldForbidden(specPath.child('providerID'), 'node updates may not change providerID except from "" to valid'));
  return errors;
}

function nodeColumns(): readonly PrinterColumn<Node>[] {
  const wide = (name: string, value: (node: Node) => string | undefined, absent: string): PrinterColumn<Node> => ({
    name,
    type: 'string',
    priority: 1,
    value: (node) => {
      const text = value(node) ?? '';
      return text === '' ? absent : text;
    },
  });
  const address = (type: string) => (node: Node) => node.status.addresses?.find((candidate) => candidate.type === type)?.address;
  return [
    nameColumn,
    { name: 'Status', type: 'string', value: statusText },
    { name: 'Roles', type: 'string', value: rolesText },
    ageColumn,
    { name: 'Version', type: 'string', value: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
    wide('Internal-IP', address('InternalIP'), '<none>'),
    wide('External-IP', address('ExternalIP'), '<none>'),
    wide('OS-Image', ({ status }) => status.nodeInfo?.osImage, '<unknown>'),
    wide('Kernel-Version', ({ status }) => status.nodeInfo?.kernelVersion, '<unknown>'),
    wide('Container-Runtime', ({ status }) => status.nodeInfo?.containerRuntimeVersion, '<unknown>'),
  ];
}

function statusText({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (spec?.unschedulable === true) words.push('SchedulingDisabled');
  return words.join(',');
}

function rolesText({ metadata }: Node): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    const role = key.startsWith(ROLE_PREFIX) ? key.slice(ROLE_PREFIX.length) : key === ROLE_LABEL ? value : '';
    if (role !== '') roles.add(role);
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}
