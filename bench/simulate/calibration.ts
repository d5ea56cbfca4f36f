/** A statement about a call, and its truth. */
export interface Prediction {
  confidence: number;
  right: boolean;
}

export interface Bin {
  calls: number;
  /** The mean of what was said, and the share that was right. */
  predicted: number;
  actual: number;
}

/** Ten bins of equal width by what was said; empty ones are null. */
export function bins(predictions: readonly Prediction[]): (Bin | null)[] {
  return Array.from({ length: 10 }, (_, bin) => {
    const inside = predictions.filter(({ confidence }) => Math.min(Math.floor(confidence * 10), 9) === bin);
    if (inside.length === 0) return null;
    return { calls: inside.length, predicted: mean(inside.map((p) => p.confidence)), actual: rightShare(inside) };
  });
}

/** Returns the expected calibration error: how far what was said is from what was so, over the bins by their calls. */
export function calibrationError(predictions: readonly Prediction[]): number {
  const gaps = bins(predictions).map((bin) => (bin ? bin.calls * Math.abs(bin.predicted - bin.actual) : 0));
  return gaps.reduce((sum, gap) => sum + gap, 0) / predictions.length;
}

/** Returns the mean squared error of what was said (G. W. Brier, 1950): 0 is perfect, 0.25 is a coin that knows it is one. */
export function brier(predictions: readonly Prediction[]): number {
  return mean(predictions.map(({ confidence, right }) => (confidence - Number(right)) ** 2));
}

export function rightShare(predictions: readonly Prediction[]): number {
  return mean(predictions.map(({ right }) => Number(right)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
