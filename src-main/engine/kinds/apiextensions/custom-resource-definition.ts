// CustomResourceDefinition: its type and its API rules. upstream: apiextensions-apiserver pkg/registry/customresourcedefinition/{strategy,etcd}.go, pkg/apis/apiextensions/v1/defaults.go
import { type Condition, setStatusCondition } from '../../meta/conditions.ts';
import { FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { ApiObject } from '../../meta/object.ts';
import { nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { immutable } from '../rules.ts';
import type { JsonSchema } from './json-schema.ts';
import { validateDefinition, validateNames } from './validate-definition.ts';

export interface DefinedNames {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinedVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema };
  readonly subresources?: {
    readonly status?: object;
    readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string };
  };
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly additionalPrinterColumns?: readonly {
    readonly name: string;
    readonly type: string;
    readonly jsonPath: string;
    readonly format?: string;
    readonly priority?: number;
    readonly description?: string;
  }[];
}

export interface CustomResourceDefinition extends ApiObject {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: DefinedNames;
    readonly versions: readonly DefinedVersion[];
    readonly conversion?: { readonly strategy: string };
    readonly preserveUnknownFields?: boolean;
  };
  readonly status?: {
    readonly acceptedNames?: DefinedNames;
    readonly conditions?: readonly Condition[];
    readonly storedVersions?: readonly string[];
  };
}

/** Holds a definition until all objects of its kind are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

const createdAt: PrinterColumn<ApiObject> = { name: 'Created At', type: 'date', value: ({ metadata }) => metadata.creationTimestamp };

export const customResourceDefinitionKind = defineKind<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  hasStatus: true,
  tracksGeneration: true,
  defaults: withDefaults,
  prepareForCreate: (definition) => ({ ...definition, status: { storedVersions: storageVersions(definition) } }),
  prepareForUpdate: (next) => {
    const stored = next.status?.storedVersions ?? [];
    const added = storageVersions(next).filter((version) => !stored.includes(version));
    return added.length === 0 ? next : { ...next, status: { ...next.status, storedVersions: [...stored, ...added] } };
  },
  prepareForDelete: marked,
  validate: validateDefinition,
  validateUpdate: (next, previous) => {
    const isEstablished = (previous.status?.conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True');
    const at = new FieldPath('spec');
    const names = next.spec.versions.map(({ name }) => name);
    return [
      ...(isEstablished ? immutable(at.child('scope'), next.spec.scope, previous.spec.scope) : []),
      ...(isEstablished ? immutable(at.child('names', 'kind'), next.spec.names.kind, previous.spec.names.kind) : []),
      ...immutable(at.child('group'), next.spec.group, previous.spec.group),
      ...immutable(at.child('names', 'plural'), next.spec.names.plural, previous.spec.names.plural),
      ...(previous.status?.storedVersions ?? []).flatMap((version, index) =>
        names.includes(version)
          ? []
          : [fieldInvalid(new FieldPath('status', 'storedVersions').index(index), version, 'must appear in spec.versions')],
      ),
    ];
  },
  validateStatus: ({ status }) =>
    status?.acceptedNames === undefined ? [] : validateNames(status.acceptedNames, new FieldPath('status', 'acceptedNames')),
  columns: [nameColumn, createdAt],
});

function storageVersions({ spec }: CustomResourceDefinition): readonly string[] {
  return spec.versions.filter(({ storage }) => storage).map(({ name }) => name);
}

/** upstream: SetDefaults_CustomResourceDefinitionSpec */
function withDefaults(definition: CustomResourceDefinition): CustomResourceDefinition {
  // What is absent altogether is validation's to say.
  const {
    names = { plural: '', kind: '' },
    versions = [],
    conversion,
    ...others
  } = (definition.spec ?? {}) as Partial<CustomResourceDefinition['spec']>;
  const { singular = '', listKind = '' } = names;
  const spec = {
    group: '',
    scope: '',
    ...others,
    names: {
      ...names,
      singular: singular === '' ? (names.kind ?? '').toLowerCase() : singular,
      listKind: listKind === '' && (names.kind ?? '') !== '' ? `${names.kind}List` : listKind,
    },
    versions,
    conversion: conversion ?? { strategy: 'None' },
  };
  return { ...definition, spec };
}

/** upstream: registry/customresourcedefinition/etcd.go Delete */
function marked(definition: CustomResourceDefinition, now: string): CustomResourceDefinition {
  const { finalizers = [] } = definition.metadata;
  const held = finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER];
  const terminating = {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  const conditions = setStatusCondition(definition.status?.conditions ?? [], terminating, now);
  return { ...definition, metadata: { ...definition.metadata, finalizers: held }, status: { ...definition.status, conditions } };
}
