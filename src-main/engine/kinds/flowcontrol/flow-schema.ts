// FlowSchema and PriorityLevelConfiguration: which requests a busy API server would do first. The lab's is never busy, so they are kept and shown.
// upstream: pkg/registry/flowcontrol/{flowschema,prioritylevelconfiguration}/strategy.go
import type {
  FlowSchema as OpenApiFlowSchema,
  PriorityLevelConfiguration as OpenApiPriorityLevel,
} from 'kubernetes-types/flowcontrol/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import type { Kind } from '../kind.ts';
import { storedKind } from '../stored-kind.ts';

export type FlowSchema = Stored<OpenApiFlowSchema, 'spec' | 'status'>;
export type PriorityLevelConfiguration = Stored<OpenApiPriorityLevel, 'spec' | 'status'>;

const kept = { hasStatus: true, tracksGeneration: true } as const;
const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';

export const flowSchemaKind: Kind<FlowSchema> = {
  ...(storedKind(apiVersion, 'FlowSchema') as unknown as Kind<FlowSchema>),
  ...kept,
  prepareForCreate: (given) => ({ ...given, status: {} }),
};

export const priorityLevelConfigurationKind: Kind<PriorityLevelConfiguration> = {
  ...(storedKind(apiVersion, 'PriorityLevelConfiguration') as unknown as Kind<PriorityLevelConfiguration>),
  ...kept,
  prepareForCreate: (given) => ({ ...given, status: {} }),
};
