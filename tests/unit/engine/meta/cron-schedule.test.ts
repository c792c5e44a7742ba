import { expect, test } from 'vitest';
import { parseCronSchedule } from '../../../../src-main/engine/meta/cron-schedule.ts';

function check(schedule: string, error: string | undefined): void {
  expect(parseCronSchedule(schedule).error).toBe(error);
}

test('five fields', () => check('*/5 0-6 1,15 jan-mar mon-fri', undefined));
test('question marks', () => check('0 * ? * ?', undefined));
test('a descriptor', () => check('@hourly', undefined));
test('every', () => check('@every 1h30m', undefined));
test('a zone', () => check('TZ=Europe/Berlin 0 6 * * *', undefined));
test('no fields', () => check('error', 'expected exactly 5 fields, found 1: [error]'));
test('six fields', () => check('0 0 * * * *', 'expected exactly 5 fields, found 6: [0 0 * * * *]'));
test('a minute too many', () => check('60 * * * *', 'end of range (60) above maximum (59): 60'));
test('a day too few', () => check('0 0 0 * *', 'beginning of range (0) below minimum (1): 0'));
test('Sunday as seven', () => check('0 0 * * 7', 'end of range (7) above maximum (6): 7'));
test('backwards', () => check('0 5-3 * * *', 'beginning of range (5) beyond end of range (3): 5-3'));
test('no step', () => check('*/0 * * * *', 'step of range should be a positive number: */0'));
test('two hyphens', () => check('1-2-3 * * * *', 'too many hyphens: 1-2-3'));
test('two slashes', () => check('1/2/3 * * * *', 'too many slashes: 1/2/3'));
test('a word', () => check('x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'));
test('an unknown descriptor', () => check('@never', 'unrecognized descriptor: @never'));
test('an unknown unit', () => check('@every 5x', 'failed to parse duration @every 5x: time: unknown unit "x" in duration "5x"'));
test('an unknown zone', () => check('TZ=Nowhere 0 0 * * *', 'provided bad location Nowhere: unknown time zone Nowhere'));
test('nothing', () => check('', 'empty spec string'));
