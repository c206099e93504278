// Sums over the cells of texture matrices, of which features are made: one matrix after the other, in one or two sweeps.
// Counts are whole numbers, so that totals and moments about 0 are exact; what could cancel is summed about a mean.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace perirad::cells {

using std::int64_t;
using std::size_t;

// Cells ordered by matrix: matrix number, row and column (from 1), count.
struct Cells {
    const int64_t* matrix;
    const int64_t* i;
    const int64_t* j;
    const double* n;
    size_t size;
};

// Calls of(matrix, first, end) for each matrix that has a cell.
template <typename Of>
inline void for_each_matrix(const Cells& cells, const Of of) {
    for (size_t first = 0, end = 0; first < cells.size; first = end) {
        while (end < cells.size && cells.matrix[end] == cells.matrix[first]) ++end;
        of(static_cast<size_t>(cells.matrix[first]), first, end);
    }
}

inline double square(double x) { return x * x; }

// Takes the sum out of a margin, so that each is taken once and the margin is zero again afterwards.
inline double take(double& sum) {
    const double taken = sum;
    sum = 0.0;
    return taken;
}

// n log2(n / total), 0 where n is 0.
inline double information(double n, double total) { return n > 0.0 ? n * std::log2(n / total) : 0.0; }

constexpr size_t kSizeSums = 14;

// Matrices of level i by size j. by_level, by_size: zeroed, longer than the largest i and j.
// sums: (n_matrices, 14), rows of matrices without a cell untouched: total; means of 1/j2, j2, 1/i2, i2, 1/j2i2, i2/j2,
// j2/i2, i2j2; variances of i and j; entropy in bits; squared margins summed over i and over j.
inline void sum_sizes(const Cells& cells, double* by_level, double* by_size, double* sums) {
    for_each_matrix(cells, [&](size_t m, size_t first, size_t end) {
        double total = 0.0, level = 0.0, size = 0.0;
        for (size_t c = first; c < end; ++c) {
            const double n = cells.n[c];
            total += n;
            level += n * static_cast<double>(cells.i[c]);
            size += n * static_cast<double>(cells.j[c]);
            by_level[cells.i[c]] += n;
            by_size[cells.j[c]] += n;
        }
        level /= total;
        size /= total;
        double mean[11] = {}, squares[2] = {};
        for (size_t c = first; c < end; ++c) {
            const double n = cells.n[c];
            const double i = static_cast<double>(cells.i[c]), j = static_cast<double>(cells.j[c]);
            const double i2 = i * i, j2 = j * j, per_i2 = 1.0 / i2, n_per_j2 = n / j2;
            mean[0] += n_per_j2;
            mean[1] += n * j2;
            mean[2] += n * per_i2;
            mean[3] += n * i2;
            mean[4] += n_per_j2 * per_i2;
            mean[5] += n_per_j2 * i2;
            mean[6] += n * j2 * per_i2;
            mean[7] += n * j2 * i2;
            mean[8] += n * square(i - level);
            mean[9] += n * square(j - size);
            mean[10] -= information(n, total);
            squares[0] += square(take(by_level[cells.i[c]]));
            squares[1] += square(take(by_size[cells.j[c]]));
        }
        double* out = sums + kSizeSums * m;
        out[0] = total;
        for (size_t k = 0; k < 11; ++k) out[1 + k] = mean[k] / total;
        out[12] = squares[0];
        out[13] = squares[1];
    });
}

constexpr size_t kPairSums = 22;

// Co-occurrence counts of levels i and j, both orders of a pair present.
// levels: (n_matrices), the highest level of the matrix's region. by_level, by_difference, by_sum: zeroed, longer than
// the largest i, |i - j| and i + j.
// sums: (n_matrices, 22), rows of matrices without a cell untouched: total; largest probability; means of i, ij, p, k,
// k2, 1/(1+k), 1/(1+k2), 1/(1+k2/levels2), 1/(1+k/levels) and, but for k 0, 1/k2, k being |i - j|; variance of i;
// covariance; second, third and fourth central moment of i + j; variance of k; entropies in bits of the cells, i, k
// and i + j.
inline void sum_pairs(const Cells& cells, const double* levels, double* by_level, double* by_difference, double* by_sum,
                      double* sums) {
    for_each_matrix(cells, [&](size_t m, size_t first, size_t end) {
        const double per_levels = 1.0 / levels[m], per_levels2 = per_levels * per_levels;
        double total = 0.0, largest = 0.0, level = 0.0, difference = 0.0;
        for (size_t c = first; c < end; ++c) {
            const double n = cells.n[c];
            const int64_t i = cells.i[c], k = i < cells.j[c] ? cells.j[c] - i : i - cells.j[c];
            total += n;
            if (n > largest) largest = n;
            level += n * static_cast<double>(i);
            difference += n * static_cast<double>(k);
            by_level[i] += n;
            by_difference[k] += n;
            by_sum[i + cells.j[c]] += n;
        }
        level /= total;
        difference /= total;
        double mean[18] = {};
        for (size_t c = first; c < end; ++c) {
            const double n = cells.n[c];
            const double i = static_cast<double>(cells.i[c]), j = static_cast<double>(cells.j[c]);
            const double k = std::fabs(i - j), k2 = k * k, from_i = i - level, from_j = j - level;
            const double cluster = from_i + from_j, cluster2 = cluster * cluster;
            mean[0] += n * i * j;
            mean[1] += n * n;
            mean[2] += n * k2;
            mean[3] += n / (1.0 + k);
            mean[4] += n / (1.0 + k2);
            mean[5] += n / (1.0 + k2 * per_levels2);
            mean[6] += n / (1.0 + k * per_levels);
            if (k > 0.0) mean[7] += n / k2;
            mean[8] += n * from_i * from_i;
            mean[9] += n * from_i * from_j;
            mean[10] += n * cluster2;
            mean[11] += n * cluster2 * cluster;
            mean[12] += n * cluster2 * cluster2;
            mean[13] += n * square(k - difference);
            mean[14] -= information(n, total);
            mean[15] -= information(take(by_level[cells.i[c]]), total);
            mean[16] -= information(take(by_difference[static_cast<int64_t>(k)]), total);
            mean[17] -= information(take(by_sum[cells.i[c] + cells.j[c]]), total);
        }
        mean[1] /= total;
        double* out = sums + kPairSums * m;
        out[0] = total;
        out[1] = largest / total;
        out[2] = level;
        out[3] = difference;
        for (size_t k = 0; k < 18; ++k) out[4 + k] = mean[k] / total;
    });
}

constexpr size_t kToneSums = 8;

// Tone differences: level i, its pixels j and, in place of a count, their summed difference n.
// sums: (n_matrices, 8), rows of matrices without a cell untouched: levels; pixels; probability times difference, and
// difference, summed over the levels; and over all ordered pairs of levels a and b with probabilities p:
// |a pa - b pb|, |a - b| (pa sa + pb sb) / (pa + pb), pa pb (a - b)2, (pa + pb) (a - b)2.
inline void sum_tones(const Cells& cells, double* sums) {
    for_each_matrix(cells, [&](size_t m, size_t first, size_t end) {
        double pixels = 0.0, weighted = 0.0, total = 0.0;
        double busy = 0.0, complexity = 0.0, spread = 0.0, distance = 0.0;
        for (size_t a = first; a < end; ++a) {
            const double level = static_cast<double>(cells.i[a]), of_a = static_cast<double>(cells.j[a]);
            const double tone_a = of_a * cells.n[a];
            pixels += of_a;
            weighted += tone_a;
            total += cells.n[a];
            for (size_t b = first; b < a; ++b) {
                const double of_b = static_cast<double>(cells.j[b]), both = of_a + of_b;
                const double gap = std::fabs(level - static_cast<double>(cells.i[b])), gap2 = gap * gap;
                busy += std::fabs(level * of_a - static_cast<double>(cells.i[b]) * of_b);
                complexity += gap * (tone_a + of_b * cells.n[b]) / both;
                spread += of_a * of_b * gap2;
                distance += both * gap2;
            }
        }
        double* out = sums + kToneSums * m;
        out[0] = static_cast<double>(end - first);
        out[1] = pixels;
        out[2] = weighted / pixels;
        out[3] = total;
        out[4] = 2.0 * busy / pixels;
        out[5] = 2.0 * complexity;
        out[6] = 2.0 * spread / (pixels * pixels);
        out[7] = 2.0 * distance / pixels;
    });
}

}  // namespace perirad::cells
