// The rules of tolerations and taints. upstream: pkg/apis/core/validation ValidateTolerations, validateNodeTaints
import { FieldError, type FieldPath, fieldInvalid, fieldRequired, type GoSyntax } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { validateLabelName } from '../../meta/labels.ts';
import { labelValue } from '../../meta/names.ts';
import type { Taint, Toleration } from '../../meta/tolerations.ts';
import { goPointer, goStruct, goTime } from '../go-syntax.ts';
import { each, oneOf } from '../rules.ts';

export function validateTolerations(tolerations: readonly Toleration[] | undefined, path: FieldPath): readonly FieldError[] {
  return each(path, tolerations, (toleration, at) => {
    const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
    const errors = key === '' ? [] : [...validateLabelName(key, at.child('key'))];
    if (key === '' && operator !== 'Exists') {
      const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(fieldInvalid(at.child('operator'), operator, detail));
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(fieldInvalid(at.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === 'Equal' || operator === '') {
      const faults = labelValue(value);
      if (faults.length > 0) errors.push(fieldInvalid(at.child('operator'), value, faults.join(';')));
    } else if (operator === 'Exists') {
      const detail = "value must be empty when `operator` is 'Exists'";
      if (value !== '') errors.push(fieldInvalid(at.child('operator'), goToleration(toleration), detail));
    } else {
      errors.push(...oneOf(at.child('operator'), operator, ['Equal', 'Exists']));
    }
    return [...errors, ...(effect === '' ? [] : taintEffect(at.child('effect'), effect))];
  });
}

export function validateTaints(taints: readonly Taint[] | undefined, path: FieldPath): readonly FieldError[] {
  const seen = new Set<string>();
  return each(path, taints, (taint, at) => {
    const { key = '', value = '', effect = '' } = taint;
    const errors = [...validateLabelName(key, at.child('key'))];
    const faults = labelValue(value);
    if (faults.length > 0) errors.push(fieldInvalid(at.child('value'), value, faults.join(';')));
    errors.push(...(effect === '' ? [fieldRequired(at.child('effect'), '')] : taintEffect(at.child('effect'), effect)));
    const identity = `${key}:${effect}`;
    if (seen.has(identity))
      errors.push(new FieldError('FieldValueDuplicate', at, goTaint(taint), 'taints must be unique by key and effect pair'));
    seen.add(identity);
    return errors;
  });
}

function goToleration({ key = '', operator = '', value = '', effect = '', tolerationSeconds }: Toleration): GoSyntax {
  const texts = { Key: goQuote(key), Operator: goQuote(operator), Value: goQuote(value), Effect: goQuote(effect) };
  return goStruct('core.Toleration', { ...texts, TolerationSeconds: goPointer('int64', tolerationSeconds) });
}

/** Times print themselves, even those that are not there. */
function goTaint({ key = '', value = '', effect = '', timeAdded }: Taint): GoSyntax {
  const time = timeAdded === undefined ? '<nil>' : goTime(timeAdded).text;
  return goStruct('core.Taint', { Key: goQuote(key), Value: goQuote(value), Effect: goQuote(effect), TimeAdded: time });
}

function taintEffect(path: FieldPath, effect: string): readonly FieldError[] {
  return oneOf(path, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
}
