// Fields whose tags differ from their neighbours': a strategic merge patch treats each as its Go type says.
import { expect, test } from 'vitest';
import { ruleOf } from '../../../../../src-main/engine/api/patch/merge-rules.ts';

function check(type: string, field: string, strategies: readonly string[], mergeKey: string): void {
  expect(ruleOf(type, field)).toEqual({ strategies, mergeKey });
}

test.each([
  ['admissionregistration.ValidatingWebhookConfiguration', 'webhooks', ['merge'], 'name'],
  ['admissionregistration.MutatingWebhookConfiguration', 'webhooks', ['merge'], 'name'],
  ['admissionregistration.MutatingWebhook', 'matchConditions', ['merge'], 'name'],
  ['admissionregistration.ValidatingWebhook', 'rules', [], ''],
  ['admissionregistration.ValidatingAdmissionPolicyStatus', 'conditions', [], ''],
  ['certificates.CertificateSigningRequestStatus', 'conditions', [], ''],
  ['apps.DeploymentStatus', 'conditions', ['merge'], 'type'],
  ['core.EphemeralContainer', 'volumeMounts', ['merge'], 'mountPath'],
  ['core.PodSpec', 'volumes', ['merge', 'retainKeys'], 'name'],
])('%s.%s', check);
