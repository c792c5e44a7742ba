// Sources of volumes that no driver of the lab would stumble over: the server refuses them in upstream's words, in pods and in persistent volumes.
import { expect, test } from 'vitest';
import { type PersistentVolume, persistentVolumeKind } from '../../../../../src-main/engine/kinds/core/persistent-volume.ts';
import type { Volume } from '../../../../../src-main/engine/kinds/core/pod-spec.ts';
import { validateVolumes } from '../../../../../src-main/engine/kinds/core/volume-validation.ts';
import { FieldPath } from '../../../../../src-main/engine/meta/field-error.ts';

function ofPod(source: object): readonly string[] {
  const volumes = [{ name: 'data', ...source } as unknown as Volume];
  return validateVolumes(volumes, new FieldPath('volumes')).errors.map(String);
}

function ofVolume(source: object): readonly string[] {
  const spec = { accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' }, ...source };
  const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk' }, spec, status: {} };
  return persistentVolumeKind.validate(volume as unknown as PersistentVolume).map(String);
}

const check = (errors: readonly string[], ...expected: readonly string[]): void => expect(errors).toEqual(expected);

test('a disk by iSCSI names its portal and itself, in a known form', () => {
  check(
    ofPod({ iscsi: { iqn: 'disk-7', lun: 0, targetPortal: '' } }),
    'volumes[0].iscsi.targetPortal: Required value',
    'volumes[0].iscsi.iqn: Invalid value: "disk-7": must be valid format starting with iqn, eui, or naa',
  );
  check(
    ofPod({ iscsi: { iqn: 'eui.12', lun: 300, targetPortal: '10.1.1.1' } }),
    'volumes[0].iscsi.iqn: Invalid value: "eui.12": must be valid format',
    'volumes[0].iscsi.lun: Invalid value: 300: must be between 0 and 255, inclusive',
  );
  check(ofPod({ iscsi: { iqn: 'iqn.2020-01.lab.example:a', lun: 1, targetPortal: '10.1.1.1' } }));
});
test('what authenticates needs a secret', () =>
  check(
    ofVolume({ iscsi: { iqn: 'iqn.2020-01.lab.example:a', lun: 1, targetPortal: 'p', chapAuthSession: true } }),
    'spec.iscsi.secretRef: Required value',
  ));
test('Fibre Channel is told by ports or by ids, and ports have a unit', () => {
  check(ofPod({ fc: {} }), 'volumes[0].fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both');
  check(ofPod({ fc: { targetWWNs: ['5005'] } }), 'volumes[0].fc.lun: Required value: lun is required if targetWWNs is specified');
});
test('the driver of a volume has a name like a domain', () => {
  check(
    ofPod({ csi: { driver: 'my_driver' } }),
    expect.stringContaining('volumes[0].csi.driver: Invalid value: "my_driver": a lowercase RFC 1123 subdomain') as unknown as string,
  );
  check(ofVolume({ csi: { driver: 'D.example.com', volumeHandle: 'h', nodeStageSecretRef: {} } }));
  check(
    ofVolume({ csi: { driver: 'd.example.com', volumeHandle: 'h', nodePublishSecretRef: { name: 'keys' } } }),
    'spec.csi.nodePublishSecretRef.namespace: Required value',
  );
});
test('a disk of Azure is where its kind says', () =>
  check(
    ofPod({ azureDisk: { diskName: 'd', diskURI: 'd.vhd', kind: 'Managed' } }),
    'volumes[0].azureDisk.diskURI: Unsupported value: "d.vhd": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"',
  ));
test('endpoints of another namespace are named only by persistent volumes', () => {
  check(ofPod({ glusterfs: { endpoints: 'e', path: 'p' } }));
  check(
    ofVolume({ glusterfs: { endpoints: 'e', path: 'p', endpointsNamespace: '' } }),
    'spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name',
  );
});
test("options of flexible drivers keep out of Kubernetes' names", () =>
  check(
    ofPod({ flexVolume: { driver: 'acme/disk', options: { 'storage.k8s.io/size': '1', size: '1' } } }),
    'volumes[0].flexVolume.options[storage.k8s.io/size]: Invalid value: "storage.k8s.io/size": kubernetes.io and k8s.io namespaces are reserved',
  ));
test('of two sources the first in the order of the rules is the one', () =>
  check(ofPod({ nfs: { server: 's', path: '/p' }, emptyDir: {} }), 'volumes[0].nfs: Forbidden: may not specify more than 1 volume type'));
test('projected files do not stand in each other’s place, and each source is one', () => {
  const items = [{ key: 'k', path: 'same' }];
  check(
    ofPod({ projected: { defaultMode: 420, sources: [{ configMap: { name: 'a', items } }, { secret: { name: 'b', items } }] } }),
    'volumes[0].projected: Invalid value: "b": conflicting duplicate paths',
  );
  check(
    ofPod({ projected: { defaultMode: 420, sources: [{ configMap: { name: 'a' }, secret: { name: 'b' } }] } }),
    'volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type',
  );
});
test('the template of a claim is held to the rules of claims', () =>
  check(
    ofPod({ ephemeral: { volumeClaimTemplate: { metadata: { name: 'mine' }, spec: { accessModes: ['ReadWriteOnce'] } } } }),
    'volumes[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set',
    'volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value',
  ));
