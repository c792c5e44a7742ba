// The line through given points by which utilization becomes a score: an administrator draws it, so it can be any shape.
// upstream: pkg/scheduler/framework/plugins/helper/shape_score.go BuildBrokenLinearFunction

/** Utilization in percent; points come in rising utilization. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

/** Flat before the first and after the last point; whole numbers, rounded towards zero, in between. */
export function scoreOnLine(points: readonly ShapePoint[], utilization: number): number {
  let previous: ShapePoint | undefined;
  for (const point of points) {
    if (utilization <= point.utilization) {
      if (previous === undefined) return point.score;
      const rise = (point.score - previous.score) * (utilization - previous.utilization);
      return previous.score + Math.trunc(rise / (point.utilization - previous.utilization));
    }
    previous = point;
  }
  return previous?.score ?? 0;
}
