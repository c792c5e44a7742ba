// What a service may say of its way to the outside: load balancers, traffic policies, health checks. upstream: pkg/apis/core/validation ValidateService
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { portNumber, qualifiedName } from '../../meta/names.ts';
import { invalidBy, oneOf, requiredOneOf } from '../rules.ts';
import { isCidr } from './cidr.ts';
import type { Service } from './service.ts';
import { isExternallyAccessible, needsHealthCheck } from './service-defaults.ts';

type Spec = Service['spec'];

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'";
const specPath = new FieldPath('spec');

export function validateWayOutside({ metadata, spec }: Service): readonly FieldError[] {
  return [
    ...validateSourceRanges(spec, metadata.annotations?.[SOURCE_RANGES]),
    ...validateNodePortAllocation(spec),
    ...validateClass(spec),
    ...validateTrafficPolicies(spec),
    ...oneOf(specPath.child('trafficDistribution'), spec.trafficDistribution, ['PreferClose']),
  ];
}

/** The field wins over the annotation. upstream: GetLoadBalancerSourceRanges */
function validateSourceRanges({ type, loadBalancerSourceRanges = [] }: Spec, annotation: string | undefined): readonly FieldError[] {
  const isField = loadBalancerSourceRanges.length > 0;
  if (!isField && annotation === undefined) return [];
  const path = isField ? specPath.child('LoadBalancerSourceRanges') : new FieldPath('metadata', 'annotations').key(SOURCE_RANGES);
  const errors = type === 'LoadBalancer' ? [] : [fieldForbidden(path, ONLY_BALANCED)];
  const said = (annotation ?? '').trim();
  const ranges = isField ? loadBalancerSourceRanges : said === '' ? [] : said.split(',');
  if (ranges.every((range) => isCidr(range.trim()))) return errors;
  const shown = isField ? `[${loadBalancerSourceRanges.join(' ')}]` : annotation;
  return [...errors, fieldInvalid(path, shown, 'must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ')];
}

function validateNodePortAllocation({ type, allocateLoadBalancerNodePorts }: Spec): readonly FieldError[] {
  const isGiven = allocateLoadBalancerNodePorts !== undefined;
  if (isGiven && type !== 'LoadBalancer') return [fieldForbidden(specPath.child('allocateLoadBalancerNodePorts'), ONLY_BALANCED)];
  return !isGiven && type === 'LoadBalancer' ? [fieldRequired(new FieldPath('allocateLoadBalancerNodePorts'), '')] : [];
}

function validateClass({ type, loadBalancerClass }: Spec): readonly FieldError[] {
  const path = specPath.child('loadBalancerClass');
  if (loadBalancerClass === undefined) return [];
  if (type !== 'LoadBalancer') return [fieldForbidden(path, ONLY_BALANCED)];
  return invalidBy(path, loadBalancerClass, qualifiedName(loadBalancerClass));
}

function validateTrafficPolicies(spec: Spec): readonly FieldError[] {
  const { type, externalTrafficPolicy: external, internalTrafficPolicy: internal } = spec;
  const errors: FieldError[] = [];
  const reachable = isExternallyAccessible(spec);
  const path = specPath.child('externalTrafficPolicy');
  if (!reachable && external !== undefined && external !== '')
    errors.push(fieldInvalid(path, external, 'may only be set for externally-accessible services'));
  if (reachable) errors.push(...requiredOneOf(path, external, ['Cluster', 'Local']));
  errors.push(...validateHealthCheck(spec));
  const policies = ['Cluster', 'Local'];
  const isNeeded = type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer';
  if (internal === undefined && isNeeded) errors.push(fieldRequired(specPath.child('internalTrafficPolicy'), ''));
  return [...errors, ...oneOf(specPath.child('internalTrafficPolicy'), internal, policies)];
}

/** Where it is left out, one is given out. */
function validateHealthCheck(spec: Spec): readonly FieldError[] {
  const { healthCheckNodePort = 0 } = spec;
  if (healthCheckNodePort === 0) return [];
  const path = specPath.child('healthCheckNodePort');
  const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  if (!needsHealthCheck(spec)) return [fieldInvalid(path, healthCheckNodePort, detail)];
  return invalidBy(path, healthCheckNodePort, portNumber(healthCheckNodePort));
}
