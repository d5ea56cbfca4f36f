/** A way that visitors took, as the channels of their touches in order, and how often it ended with a call or without. */
export interface PathCounts {
  channels: readonly string[];
  conversions: number;
  others: number;
}

/**
 * Returns how much each channel matters, 0 to 1: the share of the conversions that would be lost without it.
 *
 * The paths are read as a first-order Markov chain from a start through the channels to conversion or to nothing, and a
 * channel is removed by sending everyone who reaches it to nothing: the removal effect of E. Anderl, I. Becker,
 * F. von Wangenheim and J. H. Schumann, "Mapping the customer journey", International Journal of Research in Marketing
 * 33 (2016), 457-474. What converts through a channel is P(reaches it) × P(converts from it), and both stand in the
 * chain's fundamental matrix (J. Kemeny and J. Snell, "Finite Markov Chains", 1960), so that one inversion serves all
 * channels; it costs the cube of their number.
 *
 * Effects need not add up to 1: two channels on the same path are both needed for it. Empty where nothing converted.
 */
export function removalEffects(paths: readonly PathCounts[]): Map<string, number> {
  const seen = paths.filter((path) => path.channels.length > 0 && times(path.conversions) + times(path.others) > 0);
  const channels = [...new Set(seen.flatMap((path) => path.channels))];
  const state = new Map(channels.map((channel, index) => [channel, index + 1]));
  const size = channels.length + 1;
  const START = 0;

  const moves = Array.from({ length: size }, () => new Float64Array(size));
  const converted = new Float64Array(size);
  const left = new Float64Array(size);
  for (const path of seen) {
    const conversions = times(path.conversions);
    const weight = conversions + times(path.others);
    let from = START;
    for (const channel of path.channels) {
      const to = state.get(channel) as number;
      (moves[from] as Float64Array)[to] = at(moves, from, to) + weight;
      left[from] = (left[from] as number) + weight;
      from = to;
    }
    converted[from] = (converted[from] as number) + conversions;
    left[from] = (left[from] as number) + weight;
  }

  const visits = inverse(
    moves.map((row, from) => row.map((weight, to) => (from === to ? 1 : 0) - weight / (left[from] as number))),
  );
  const converts = visits.map((row) =>
    row.reduce((sum, visited, via) => sum + (visited * (converted[via] as number)) / (left[via] as number), 0),
  );
  const overall = converts[START] as number;
  if (!(overall > 0)) return new Map();
  return new Map(
    channels.map((channel, index) => {
      const here = index + 1;
      const reached = at(visits, START, here) / at(visits, here, here);
      return [channel, Math.min(1, (reached * (converts[here] as number)) / overall)];
    }),
  );
}

/** Returns a count as it may come from anywhere: what is no positive number did not happen. */
function times(count: number): number {
  return count > 0 && count < Number.POSITIVE_INFINITY ? count : 0;
}

function at(matrix: readonly Float64Array[], row: number, column: number): number {
  return matrix[row]?.[column] as number;
}

/**
 * Gauss-Jordan without pivoting. That is safe here: the matrix is 1 minus a chain that always ends, an M-matrix, whose
 * pivots stay positive.
 */
function inverse(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => {
    const wide = new Float64Array(2 * size);
    wide.set(row);
    wide[size + index] = 1;
    return wide;
  });
  for (let pivot = 0; pivot < size; pivot++) {
    const lead = rows[pivot] as Float64Array;
    const scale = lead[pivot] as number;
    for (let column = 0; column < 2 * size; column++) lead[column] = (lead[column] as number) / scale;
    for (const row of rows) {
      const factor = row[pivot] as number;
      if (row === lead || factor === 0) continue;
      for (let column = 0; column < 2 * size; column++) {
        row[column] = (row[column] as number) - factor * (lead[column] as number);
      }
    }
  }
  return rows.map((row) => row.slice(size));
}
