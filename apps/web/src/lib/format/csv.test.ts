import { describe, expect, it } from 'vitest';
import { toCsv } from './csv';

describe('a CSV file', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['﹣1', "'﹣1"],
    ['＠x', "'＠x"],
    ['\n=1', `"'\n=1"`],
    ['\u3000=1', "'\u3000=1"],
    [' =1', "' =1"],
    ['\ufeff=1', "'\ufeff=1"],
    ['a, b', '"a, b"'],
    ['two\nlines', '"two\nlines"'],
    ['two\rlines', '"two\rlines"'],
    ['orders.example.test', 'orders.example.test'],
    [null, ''],
    [-3, '-3'],
  ])('holds %j so that a spreadsheet shows it and runs nothing', (value, expected) => {
    expect(toCsv(['a'], [[value]])).toBe(`a\r\n${expected}\r\n`);
  });
});
