// The rules of services. upstream: pkg/apis/core/validation/validation.go ValidateService, ValidateServiceUpdate (release 1.33)
import { equal } from '../../base/equal.ts';
import {
  type FieldError,
  FieldPath,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  GoSyntax,
} from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { validateLabels } from '../../meta/labels.ts';
import { dns1123Label, dns1123Subdomain, inRange, portNumber, qualifiedName } from '../../meta/names.ts';
import { each, invalidBy, portNumberOrName, requiredOneOf } from '../rules.ts';
import type { Service } from './service.ts';
import { validateAddressChange } from './service-address-change.ts';
import { validateClusterIps, validateExternalIp } from './service-address-validation.ts';
import { needsHealthCheck } from './service-defaults.ts';
import { validateWayOutside } from './service-outside-validation.ts';

type Spec = Service['spec'];
type Port = NonNullable<Spec['ports']>[number];

const specPath = new FieldPath('spec');
const portsPath = specPath.child('ports');
const KUBELET_PORT = 10_250;
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

export function validateService(service: Service): readonly FieldError[] {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const errors: FieldError[] = [...validateTopologyAnnotations(service.metadata.annotations)];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(fieldRequired(portsPath, ''));
  errors.push(...validateType(spec));
  const names = new Set<string>();
  errors.push(...each(portsPath, ports, (port, at) => validatePort(port, ports.length > 1, names, at)));
  errors.push(...validateLabels(spec.selector ?? {}, specPath.child('selector')));
  errors.push(...validateAffinity(spec));
  errors.push(...validateClusterIps(spec));
  errors.push(...each(specPath.child('externalIPs'), spec.externalIPs, validateExternalIp));
  errors.push(...requiredOneOf(specPath.child('type'), spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']));
  if (spec.type === 'ClusterIP') {
    const detail = "may not be used when `type` is 'ClusterIP'";
    errors.push(
      ...each(portsPath, ports, ({ nodePort = 0 }, at) => (nodePort === 0 ? [] : [fieldForbidden(at.child('nodePort'), detail)])),
    );
  }
  errors.push(...validateUniqueness(ports), ...validateWayOutside(service));
  return errors;
}

export function validateServiceUpdate(next: Spec, previous: Spec): readonly FieldError[] {
  const errors: FieldError[] = [...validateAddressChange(next, previous)];
  if (next.type === 'LoadBalancer' && previous.type === 'LoadBalancer' && !equal(next.loadBalancerClass, previous.loadBalancerClass))
    errors.push(fieldInvalid(specPath.child('loadBalancerClass'), next.loadBalancerClass, 'may not change once set'));
  if (needsHealthCheck(next) && needsHealthCheck(previous) && (next.healthCheckNodePort ?? 0) !== (previous.healthCheckNodePort ?? 0))
    errors.push(fieldForbidden(specPath.child('healthCheckNodePort'), 'field is immutable'));
  return errors;
}

/** The old annotation and the new one say the same. */
function validateTopologyAnnotations(annotations: Readonly<Record<string, string>> = {}): readonly FieldError[] {
  const [mode, hints] = [annotations[TOPOLOGY_MODE], annotations[TOPOLOGY_HINTS]];
  if (mode === undefined || hints === undefined || mode === hints) return [];
  const path = new FieldPath('metadata', 'annotations').key(TOPOLOGY_MODE);
  return [fieldInvalid(path, mode, `must match annotations[${TOPOLOGY_HINTS}] when both are specified`)];
}

function isHeadless(spec: Spec): boolean {
  return spec.clusterIPs?.[0] === 'None' || spec.clusterIP === 'None';
}

function validateType(spec: Spec): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (spec.type === 'LoadBalancer')
    errors.push(
      ...each(portsPath, spec.ports, ({ port }, at) => {
        const detail = `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`;
        return port === KUBELET_PORT ? [fieldInvalid(at, port, detail)] : [];
      }),
    );
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && isHeadless(spec))
    errors.push(fieldInvalid(specPath.child('clusterIPs').index(0), 'None', `may not be set to 'None' for ${spec.type} services`));
  if (spec.type !== 'ExternalName') return errors;
  const detail = 'may not be set for ExternalName services';
  if ((spec.clusterIPs ?? []).length > 0) errors.push(fieldForbidden(specPath.child('clusterIPs'), detail));
  if ((spec.ipFamilies ?? []).length > 0) errors.push(fieldForbidden(specPath.child('ipFamilies'), detail));
  if (spec.ipFamilyPolicy !== undefined) errors.push(fieldForbidden(specPath.child('ipFamilyPolicy'), detail));
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  const path = specPath.child('externalName');
  return [...errors, ...(name === '' ? [fieldRequired(path, '')] : invalidBy(path, name, dns1123Subdomain(name)))];
}

function validatePort(given: Port, nameRequired: boolean, names: Set<string>, path: FieldPath): readonly FieldError[] {
  const { name = '', port, protocol, targetPort, appProtocol } = given;
  const errors: FieldError[] = [];
  if (name === '' && nameRequired) errors.push(fieldRequired(path.child('name'), ''));
  else if (name !== '') {
    errors.push(...invalidBy(path.child('name'), name, dns1123Label(name)));
    if (names.has(name)) errors.push(fieldDuplicate(path.child('name'), name));
    names.add(name);
  }
  errors.push(...invalidBy(path.child('port'), port ?? 0, portNumber(port ?? 0)));
  errors.push(...requiredOneOf(path.child('protocol'), protocol, ['SCTP', 'TCP', 'UDP']));
  errors.push(...portNumberOrName(path.child('targetPort'), targetPort));
  if (appProtocol !== undefined) errors.push(...invalidBy(path.child('appProtocol'), appProtocol, qualifiedName(appProtocol)));
  return errors;
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: Spec): readonly FieldError[] {
  const path = specPath.child('sessionAffinityConfig');
  const errors = [...requiredOneOf(specPath.child('sessionAffinity'), sessionAffinity, ['ClientIP', 'None'])];
  if (sessionAffinity === 'None' && sessionAffinityConfig !== undefined)
    return [...errors, fieldForbidden(path, 'must not be set when session affinity is None')];
  if (sessionAffinity !== 'ClientIP') return errors;
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds === undefined) return [...errors, fieldRequired(path, 'when session affinity type is ClientIP')];
  return [
    ...errors,
    ...invalidBy(
      path.child('clientIP', 'timeoutSeconds'),
      seconds,
      inRange(seconds, 1, 86_400).map(() => 'must be greater than 0 and less than 86400'),
    ),
  ];
}

function validateUniqueness(ports: readonly Port[]): readonly FieldError[] {
  const nodePorts = new Set<string>();
  const seen = new Set<string>();
  const taken = each(portsPath, ports, ({ nodePort = 0, protocol }, at) => {
    const key = `${protocol}/${nodePort}`;
    if (nodePort === 0) return [];
    if (nodePorts.has(key)) return [fieldDuplicate(at.child('nodePort'), nodePort)];
    nodePorts.add(key);
    return [];
  });
  const repeated = each(portsPath, ports, ({ port, protocol = '' }, at) => {
    const key = `${protocol}/${port}`;
    if (seen.has(key)) return [fieldDuplicate(at, goPort(protocol, port))];
    seen.add(key);
    return [];
  });
  return [...taken, ...repeated];
}

function goPort(protocol: string, port: number): GoSyntax {
  const target = 'TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}';
  return new GoSyntax(
    `core.ServicePort{Name:"", Protocol:${goQuote(protocol)}, AppProtocol:(*string)(nil), Port:${port}, ${target}, NodePort:0}`,
  );
}
