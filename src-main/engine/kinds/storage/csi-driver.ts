// CSIDriver: its type and all of its API rules. upstream: pkg/apis/storage/v1/defaults.go, pkg/apis/storage/validation, printers.go printCSIDriver
import type { CSIDriver as OpenApiCSIDriver } from 'kubernetes-types/storage/v1.d.ts';
import { type FieldError, FieldPath, fieldDuplicate, fieldInvalid } from '../../meta/field-error.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import { each, immutable, oneOf } from '../rules.ts';

export type CSIDriver = Stored<OpenApiCSIDriver, 'spec'>;

const specPath = new FieldPath('spec');

export const csiDriverKind = defineKind<CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  tracksGeneration: true,
  defaults: (driver) => {
    const given = driver.spec ?? {};
    const {
      attachRequired = true,
      podInfoOnMount = false,
      storageCapacity = false,
      requiresRepublish = false,
      seLinuxMount = false,
    } = given;
    const { fsGroupPolicy = 'ReadWriteOnceWithFSType', volumeLifecycleModes = PERSISTENT } = given;
    const filled = {
      attachRequired,
      fsGroupPolicy,
      podInfoOnMount,
      requiresRepublish,
      seLinuxMount,
      storageCapacity,
      volumeLifecycleModes,
    };
    const spec = { ...given, ...filled };
    return sameMembers(spec, given) ? driver : { ...driver, spec };
  },
  validate: ({ spec }) => [
    ...oneOf(specPath.child('fsGroupPolicy'), spec.fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType']),
    ...validateTokenRequests(spec.tokenRequests ?? []),
    ...(spec.volumeLifecycleModes ?? []).flatMap((mode) =>
      oneOf(specPath.child('volumeLifecycleModes'), mode, ['Persistent', 'Ephemeral']),
    ),
  ],
  validateUpdate: ({ spec }, { spec: previous }) => [
    // Upstream spells it so.
    ...immutable(specPath.child('attachedRequired'), spec.attachRequired, previous.attachRequired),
    ...immutable(specPath.child('volumeLifecycleModes'), spec.volumeLifecycleModes, previous.volumeLifecycleModes),
  ],
  columns: [
    nameColumn,
    { name: 'AttachRequired', type: 'boolean', value: ({ spec }) => spec.attachRequired ?? true },
    { name: 'PodInfoOnMount', type: 'boolean', value: ({ spec }) => spec.podInfoOnMount ?? false },
    { name: 'StorageCapacity', type: 'boolean', value: ({ spec }) => spec.storageCapacity ?? false },
    {
      name: 'TokenRequests',
      type: 'string',
      value: ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>',
    },
    { name: 'RequiresRepublish', type: 'boolean', value: ({ spec }) => spec.requiresRepublish ?? false },
    { name: 'Modes', type: 'string', value: ({ spec }) => (spec.volumeLifecycleModes ?? []).join(',') || '<none>' },
    ageColumn,
  ],
});

const PERSISTENT: readonly string[] = ['Persistent'];

type TokenRequest = NonNullable<CSIDriver['spec']['tokenRequests']>[number];

/** Each is for another audience. */
function validateTokenRequests(requests: readonly TokenRequest[]): readonly FieldError[] {
  const seen = new Set<string>();
  return each(specPath.child('tokenRequests'), requests, ({ audience = '', expirationSeconds: seconds }, path) => {
    if (seen.has(audience)) return [fieldDuplicate(path.child('audience'), audience)];
    seen.add(audience);
    const at = path.child('expirationSeconds');
    if (seconds === undefined || (seconds >= 600 && seconds <= 2 ** 32)) return [];
    const detail = seconds < 600 ? 'less than 10 minutes' : 'larger than 2^32 seconds';
    return [fieldInvalid(at, seconds, `may not specify a duration ${detail}`)];
  });
}
