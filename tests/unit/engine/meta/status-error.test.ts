import { expect, test } from 'vitest';
import { FieldPath, fieldInvalid, fieldRequired } from '../../../../src-main/engine/meta/field-error.ts';
import * as errors from '../../../../src-main/engine/meta/status-error.ts';

const pods = { group: '', resource: 'pods' };
const deployments = { group: 'apps', resource: 'deployments' };

function check(error: errors.StatusError, code: number, reason: string, message: string, details?: errors.StatusDetails): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  expect(error.status).toEqual(details === undefined ? status : { ...status, details });
}

test('not found', () => {
  check(errors.notFound(pods, 'web'), 404, 'NotFound', 'pods "web" not found', { name: 'web', kind: 'pods' });
});
test('the group follows the resource', () => {
  const details = { name: 'web', group: 'apps', kind: 'deployments' };
  check(errors.alreadyExists(deployments, 'web'), 409, 'AlreadyExists', 'deployments.apps "web" already exists', details);
});
test('a conflict', () => {
  const message =
    'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again';
  check(errors.conflict(pods, 'web'), 409, 'Conflict', message, { name: 'web', kind: 'pods' });
});
test('one fault', () => {
  const fault = fieldRequired(new FieldPath('spec', 'selector'), '');
  check(
    errors.invalid({ group: 'apps', kind: 'Deployment' }, 'web', [fault]),
    422,
    'Invalid',
    'Deployment.apps "web" is invalid: spec.selector: Required value',
    {
      name: 'web',
      group: 'apps',
      kind: 'Deployment',
      causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' }],
    },
  );
});
test('two faults', () => {
  const faults = [fieldRequired(new FieldPath('a'), ''), fieldInvalid(new FieldPath('b'), 'x', 'why')];
  expect(errors.invalid({ group: '', kind: 'Pod' }, 'web', faults).message).toBe(
    'Pod "web" is invalid: [a: Required value, b: Invalid value: "x": why]',
  );
});
test('forbidden with and without a name', () => {
  expect([errors.forbidden(pods, 'web', 'no').message, errors.forbidden(pods, '', 'no').message]).toEqual([
    'pods "web" is forbidden: no',
    'pods is forbidden: no',
  ]);
});
test('forbidden without a resource', () =>
  check(errors.forbidden({ group: '', resource: '' }, '', 'no'), 403, 'Forbidden', 'forbidden: no', {}));
test('a bad request', () => check(errors.badRequest('no'), 400, 'BadRequest', 'no'));
test('a method that does not exist', () => {
  const message = 'create is not supported on resources of kind "pods"';
  check(errors.methodNotSupported(pods, 'create'), 405, 'MethodNotAllowed', message, { kind: 'pods' });
});
test('a timeout', () => check(errors.timeout('slow', 3), 504, 'Timeout', 'Timeout: slow', { retryAfterSeconds: 3 }));
test('a server timeout', () => {
  const message = 'The list operation against pods could not be completed at this time, please try again.';
  check(errors.serverTimeout(pods, 'list', 0), 500, 'ServerTimeout', message, { name: 'list', kind: 'pods' });
});
test('too many requests', () => check(errors.tooManyRequests('wait', 10), 429, 'TooManyRequests', 'wait', { retryAfterSeconds: 10 }));
test('gone and expired share the code', () => {
  check(errors.gone('old'), 410, 'Gone', 'old');
  check(errors.expired('old'), 410, 'Expired', 'old');
});
test('unavailable', () => check(errors.serviceUnavailable('later'), 503, 'ServiceUnavailable', 'later'));
test('internal', () =>
  check(errors.internal('oops'), 500, 'InternalError', 'Internal error occurred: oops', { causes: [{ message: 'oops' }] }));
test('unauthorized', () => check(errors.unauthorized(''), 401, 'Unauthorized', 'not authorized'));
test('no free generated name', () => {
  const message = 'pods "web-" already exists, the server was not able to generate a unique name for the object';
  check(errors.generateNameConflict(pods, 'web-', 0), 409, 'AlreadyExists', message, { name: 'web-', kind: 'pods' });
});

test('each predicate knows its own reason alone', () => {
  const made = [
    errors.notFound(pods, 'a'),
    errors.alreadyExists(pods, 'a'),
    errors.conflict(pods, 'a'),
    errors.gone(''),
    errors.expired(''),
  ];
  const asked = [errors.isNotFound, errors.isAlreadyExists, errors.isConflict, errors.isGone, errors.isExpired];
  const table = made.map((error) => asked.map((is) => is(error)));
  expect(table).toEqual(made.map((_, row) => asked.map((_is, column) => row === column)));
});
test('other errors are none of the API', () => expect(errors.isNotFound(new Error('not found'))).toBe(false));
