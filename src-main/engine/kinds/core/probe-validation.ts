// The rules of probes and lifecycle hooks. upstream: pkg/apis/core/validation validateProbe, validateHandler, validateLifecycle
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { httpHeaderName } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { invalidBy, notNegative, oneOf, portNumberOrName, required } from '../rules.ts';
import type { Container, LifecycleHandler, Probe } from './pod-spec.ts';

type Hooked = Pick<Container, 'lifecycle' | 'livenessProbe' | 'readinessProbe' | 'startupProbe'>;

/** All of a container's probes and hooks, in upstream's order. */
export function validateProbesAndHooks(container: Hooked, graceSeconds: number, path: FieldPath): readonly FieldError[] {
  const { lifecycle, livenessProbe: liveness, readinessProbe: readiness, startupProbe: startup } = container;
  const errors: FieldError[] = [];
  if (lifecycle?.postStart !== undefined)
    errors.push(...validateHandler(lifecycle.postStart, graceSeconds, path.child('lifecycle', 'postStart')));
  if (lifecycle?.preStop !== undefined)
    errors.push(...validateHandler(lifecycle.preStop, graceSeconds, path.child('lifecycle', 'preStop')));
  if (liveness !== undefined) errors.push(...onlyOneSuccess(liveness, graceSeconds, path.child('livenessProbe')));
  if (readiness !== undefined) {
    const at = path.child('readinessProbe');
    errors.push(...validateProbe(readiness, graceSeconds, at));
    if (readiness.terminationGracePeriodSeconds !== undefined)
      errors.push(
        fieldInvalid(
          at.child('terminationGracePeriodSeconds'),
          readiness.terminationGracePeriodSeconds,
          'must not be set for readinessProbes',
        ),
      );
  }
  if (startup !== undefined) errors.push(...onlyOneSuccess(startup, graceSeconds, path.child('startupProbe')));
  return errors;
}

function onlyOneSuccess(probe: Probe, graceSeconds: number, path: FieldPath): readonly FieldError[] {
  const errors = validateProbe(probe, graceSeconds, path);
  if (probe.successThreshold === 1) return errors;
  return [...errors, fieldInvalid(path.child('successThreshold'), probe.successThreshold ?? 0, 'must be 1')];
}

function validateProbe(probe: Probe, graceSeconds: number, path: FieldPath): readonly FieldError[] {
  const errors = [...validateHandler(probe, graceSeconds, path)];
  for (const field of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const)
    errors.push(...notNegative(path.child(field), probe[field]));
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(fieldInvalid(path.child('terminationGracePeriodSeconds'), grace, 'must be greater than 0'));
  return errors;
}

type Handler = LifecycleHandler & Pick<Probe, 'grpc'>;

function validateHandler(handler: Handler, graceSeconds: number, path: FieldPath): readonly FieldError[] {
  const rules: Readonly<Record<string, () => readonly FieldError[]>> = {
    exec: () => ((handler.exec?.command ?? []).length === 0 ? [fieldRequired(path.child('exec', 'command'), '')] : []),
    httpGet: () => validateHttpGet(handler.httpGet as Value<core.HTTPGetAction>, path.child('httpGet')),
    tcpSocket: () => portNumberOrName(path.child('tcpSocket', 'port'), handler.tcpSocket?.port),
    grpc: () => portNumberOrName(path.child('grpc', 'port'), handler.grpc?.port),
    sleep: () => validateSleep(handler.sleep?.seconds ?? 0, graceSeconds, path.child('sleep')),
  };
  const errors: FieldError[] = [];
  let found = false;
  for (const [name, rule] of Object.entries(rules)) {
    if (handler[name as keyof Handler] === undefined) continue;
    if (found) errors.push(fieldForbidden(path.child(name), 'may not specify more than 1 handler type'));
    else errors.push(...rule());
    found = true;
  }
  return found ? errors : [fieldRequired(path, 'must specify a handler type')];
}

function validateHttpGet(action: Value<core.HTTPGetAction>, path: FieldPath): readonly FieldError[] {
  return [
    ...required(path.child('path'), action.path),
    ...portNumberOrName(path.child('port'), action.port),
    ...oneOf(path.child('scheme'), action.scheme ?? '', ['HTTP', 'HTTPS']),
    ...(action.httpHeaders ?? []).flatMap(({ name }) => invalidBy(path.child('httpHeaders'), name, httpHeaderName(name ?? ''))),
  ];
}

function validateSleep(seconds: number, graceSeconds: number, path: FieldPath): readonly FieldError[] {
  if (seconds >= 0 && seconds <= graceSeconds) return [];
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  return [fieldInvalid(path, seconds, detail)];
}
