// Names that the parts of storage agree on by annotation and finalizer: the binder, the scheduler and the drivers meet only here.
// upstream: k8s.io/component-helpers/storage/volume/pv_helpers.go

/** On a claim: the binding was finished once. */
export const bindCompletedAnnotation = 'pv.kubernetes.io/bind-completed';
/** On a volume or claim: this half of the binding was chosen by the controller, not by the user. */
export const boundByControllerAnnotation = 'pv.kubernetes.io/bound-by-controller';
/** On a volume: who made it. */
export const provisionedByAnnotation = 'pv.kubernetes.io/provisioned-by';
/** On a volume or claim: the CSI driver that took over from an in-tree plugin. */
export const migratedToAnnotation = 'pv.kubernetes.io/migrated-to';
/** On a claim: who shall make its volume. */
export const storageProvisionerAnnotation = 'volume.kubernetes.io/storage-provisioner';
export const betaStorageProvisionerAnnotation = 'volume.beta.kubernetes.io/storage-provisioner';
/** On a claim: the node the scheduler has picked for its first consumer. */
export const selectedNodeAnnotation = 'volume.kubernetes.io/selected-node';
export const betaStorageClassAnnotation = 'volume.beta.kubernetes.io/storage-class';
export const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

export const claimProtectionFinalizer = 'kubernetes.io/pvc-protection';
export const volumeProtectionFinalizer = 'kubernetes.io/pv-protection';
/** On a volume that an in-tree plugin provisioned and shall delete. */
export const inTreeDeletionFinalizer = 'kubernetes.io/pv-controller';
/** On a volume that an external provisioner shall delete. */
export const externalDeletionFinalizer = 'external-provisioner.volume.kubernetes.io/finalizer';

interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

export function hasAnnotation(object: Annotated, name: string): boolean {
  return object.metadata.annotations?.[name] !== undefined;
}

/** The object with one annotation set, or taken away when `value` is undefined; the same object when nothing changes. */
export function withAnnotation<T extends Annotated>(object: T, name: string, value: string | undefined): T {
  const { annotations = {} } = object.metadata;
  if (annotations[name] === value) return object;
  const { [name]: _, ...others } = annotations;
  const next = value === undefined ? others : { ...others, [name]: value };
  if (Object.keys(next).length > 0) return { ...object, metadata: { ...object.metadata, annotations: next } };
  const { annotations: __, ...metadata } = object.metadata;
  return { ...object, metadata } as T;
}

interface Finalized {
  readonly metadata: { readonly finalizers?: readonly string[] };
}

export function hasFinalizer(object: Finalized, name: string): boolean {
  return object.metadata.finalizers?.includes(name) === true;
}

/** The same object when it has the finalizer already. */
export function withFinalizer<T extends Finalized>(object: T, name: string): T {
  if (hasFinalizer(object, name)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), name] } };
}

/** The same object when it does not have the finalizer. */
export function withoutFinalizer<T extends Finalized>(object: T, name: string): T {
  if (!hasFinalizer(object, name)) return object;
  const finalizers = (object.metadata.finalizers ?? []).filter((other) => other !== name);
  if (finalizers.length > 0) return { ...object, metadata: { ...object.metadata, finalizers } };
  const { finalizers: _, ...metadata } = object.metadata;
  return { ...object, metadata } as T;
}
