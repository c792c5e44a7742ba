// Tables as kubectl prints them, from the columns that the kinds themselves define.

/** Cells as text; three spaces between columns, none at the end of a line. upstream: cli-runtime printers.GetNewTabWriter */
export function kubectlTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd((widths[index] ?? 0) + 3))
      .join('')
      .trimEnd();
  return [line(head), ...rows.map(line)];
}
