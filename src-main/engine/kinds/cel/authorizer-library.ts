// What policies ask of authorization: `authorizer.group('apps').resource('deployments').namespace('shop').check('delete').allowed()`.
// upstream: apiserver pkg/cel/library/authz.go
import type { Environment } from '@marcbachmann/cel-js';
import { spend } from './budget.ts';

export interface AuthorizationQuestion {
  readonly verb: string;
  readonly path: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Asked of somebody else than who sends the request. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string } | undefined;
}

export type Authorize = (question: AuthorizationQuestion) => boolean;

const nothing: AuthorizationQuestion = {
  ...{ verb: '', path: '', group: '', resource: '', subresource: '', namespace: '', name: '' },
  serviceAccount: undefined,
};

/** A question that is not whole yet. */
class Check {
  readonly authorize: Authorize;
  readonly question: AuthorizationQuestion;
  constructor(authorize: Authorize, question: AuthorizationQuestion) {
    this.authorize = authorize;
    this.question = question;
  }
}

export class AuthorizerValue extends Check {
  readonly requestResource: ResourceCheck;
  constructor(authorize: Authorize, request: Partial<AuthorizationQuestion>, question: AuthorizationQuestion = nothing) {
    super(authorize, question);
    this.requestResource = new ResourceCheck(authorize, { ...nothing, ...request });
  }
}

class PathCheck extends Check {}
class GroupCheck extends Check {}
class ResourceCheck extends Check {}

class Decision {
  readonly isAllowed: boolean;
  constructor(isAllowed: boolean) {
    this.isAllowed = isAllowed;
  }
}

const CHECK_COST = 350_000;

export function registerAuthorizer(environment: Environment): void {
  const prefix = 'kubernetes.authorization';
  const add = (signature: string, run: (...given: never[]) => unknown): void => {
    environment.registerFunction(signature, run);
  };
  environment.registerType(`${prefix}.PathCheck`, { ctor: PathCheck, fields: {} });
  environment.registerType(`${prefix}.GroupCheck`, { ctor: GroupCheck, fields: {} });
  environment.registerType(`${prefix}.ResourceCheck`, { ctor: ResourceCheck, fields: {} });
  environment.registerType(`${prefix}.Decision`, { ctor: Decision, fields: {} });
  environment.registerType(`${prefix}.Authorizer`, { ctor: AuthorizerValue, fields: { requestResource: `${prefix}.ResourceCheck` } });
  add(
    `${prefix}.Authorizer.serviceAccount(string, string): ${prefix}.Authorizer`,
    ({ authorize, question }: Check, namespace: string, name: string) =>
      new AuthorizerValue(authorize, {}, { ...question, serviceAccount: { namespace, name } }),
  );
  add(
    `${prefix}.Authorizer.path(string): ${prefix}.PathCheck`,
    ({ authorize, question }: Check, path: string) => new PathCheck(authorize, { ...question, path }),
  );
  add(
    `${prefix}.Authorizer.group(string): ${prefix}.GroupCheck`,
    ({ authorize, question }: Check, group: string) => new GroupCheck(authorize, { ...question, group }),
  );
  add(
    `${prefix}.GroupCheck.resource(string): ${prefix}.ResourceCheck`,
    ({ authorize, question }: Check, resource: string) => new ResourceCheck(authorize, { ...question, resource }),
  );
  for (const part of ['subresource', 'namespace', 'name'] as const)
    add(
      `${prefix}.ResourceCheck.${part}(string): ${prefix}.ResourceCheck`,
      ({ authorize, question }: Check, value: string) => new ResourceCheck(authorize, { ...question, [part]: value }),
    );
  for (const kind of ['PathCheck', 'ResourceCheck'])
    add(`${prefix}.${kind}.check(string): ${prefix}.Decision`, ({ authorize, question }: Check, verb: string) => {
      spend(CHECK_COST);
      return new Decision(authorize({ ...question, verb }));
    });
  add(`${prefix}.Decision.allowed(): bool`, ({ isAllowed }: Decision) => isAllowed);
  add(`${prefix}.Decision.reason(): string`, () => '');
  add(`${prefix}.Decision.errored(): bool`, () => false);
  add(`${prefix}.Decision.error(): string`, () => '');
}
