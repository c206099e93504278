// Recursive (Deriche) filtering of a tile: lines side by side, for Gaussians and their derivatives.
#pragma once
#include <algorithm>
#include <cstddef>

#include "vectors.hpp"

namespace perirad::recursive {

using std::ptrdiff_t;
using std::size_t;

// A recursion waits for its last value through a product and four sums. Several vectors abreast hide that; more than
// six of them, with the eight coefficients, would not fit sixteen registers.
template <size_t N>
struct Tile {
    static constexpr size_t kAbreast = N == 4 ? 6 : 4;
    static constexpr ptrdiff_t kLines = N * kAbreast;
};

constexpr size_t kOrder = 4;
constexpr size_t kCoefficients = 20;
// Rows of a recursion that stay in the nearest cache.
constexpr size_t kChunk = 64;

// Length of the lines, and the part of them that is wanted.
struct Part {
    size_t n, start, stop;
};

template <size_t N>
PERIRAD_INLINE typename vectors::Of<N>::Doubles& at(double* p) {
    return *reinterpret_cast<typename vectors::Of<N>::Doubles*>(p);
}

template <size_t N>
PERIRAD_INLINE const typename vectors::Of<N>::Doubles& at(const double* p) {
    return *reinterpret_cast<const typename vectors::Of<N>::Doubles*>(p);
}

// in, out: rows of kLines values; kBefore: from a row to the one before it in the order of the recursion. `out` has
// kOrder rows before it. Every row becomes what four of `in` feed, less what the four of `out` before it feed back.
// The order of the additions is ITK's, so that storing in single precision rounds to the same side.
template <size_t N, ptrdiff_t kBefore>
PERIRAD_INLINE void recur(const double* in, double* out, size_t n_rows, const double* weights,
                          const double* feedback) {
    typename vectors::Of<N>::Doubles none = {}, last[Tile<N>::kAbreast];
    const auto w0 = none + weights[0], w1 = none + weights[1], w2 = none + weights[2], w3 = none + weights[3];
    const auto d1 = none + feedback[0], d2 = none + feedback[1], d3 = none + feedback[2], d4 = none + feedback[3];
    for (size_t v = 0; v < Tile<N>::kAbreast; ++v) last[v] = at<N>(out + kBefore + v * N);
    for (; n_rows > 0; --n_rows, in -= kBefore, out -= kBefore) {
#pragma GCC unroll 8
        for (size_t v = 0; v < Tile<N>::kAbreast; ++v) {
            const double* x = in + v * N;
            double* y = out + v * N;
            const auto fed = at<N>(x) * w0 + at<N>(x + kBefore) * w1 + at<N>(x + 2 * kBefore) * w2 +
                             at<N>(x + 3 * kBefore) * w3;
            const auto back = last[v] * d1 + at<N>(y + 2 * kBefore) * d2 + at<N>(y + 3 * kBefore) * d3 +
                              at<N>(y + 4 * kBefore) * d4;
            at<N>(y) = last[v] = fed - back;
        }
    }
}

// The first kOrder rows: the border, repeated without end, feeds back what `border_feedback` says.
template <size_t N, ptrdiff_t kBefore>
PERIRAD_INLINE void begin(const double* in, double* out, const double* border, const double* weights,
                          const double* feedback, const double* border_feedback) {
    for (ptrdiff_t row = 1; row <= ptrdiff_t{kOrder}; ++row) {
        std::copy(border, border + Tile<N>::kLines, out + row * kBefore);
    }
    for (size_t row = 0; row < kOrder; ++row, in -= kBefore, out -= kBefore) {
        double mixed[kOrder];
        for (size_t back = 0; back < kOrder; ++back) mixed[back] = back < row ? feedback[back] : border_feedback[back];
        recur<N, kBefore>(in, out, 1, weights, mixed);
    }
}

// x: (n, kLines), n >= 4, with the border repeated in kOrder rows before and after. k: n0..n3, d1..d4, m1..m4, and
// what the border adds: bn1..bn4, bm1..bm4 (Deriche 1993, INRIA RR-1893). chunk: (kChunk + kOrder, kLines) and
// y: (kOrder + max(kOrder, stop - start), kLines) scratch.
// out: (stop - start, kLines): the sum of the passes forwards and backwards.
template <size_t N>
PERIRAD_INLINE void filter_tile(const double* x, const Part& part, const double* k, double* chunk, double* y,
                                float* out) {
    constexpr ptrdiff_t T = Tile<N>::kLines;
    constexpr size_t kHistory = kOrder * T;
    const double *num = k, *d = k + 4, *m = k + 8, *bn = k + 12, *bm = k + 16;
    begin<N, -T>(x, chunk + kHistory, x, num, d, bn);
    const double* history = chunk + kHistory;
    size_t row = kOrder;
    while (row < part.start) {
        const size_t n_rows = std::min(kChunk, part.start - row);
        std::copy(history, history + kHistory, chunk);
        recur<N, -T>(x + row * T, chunk + kHistory, n_rows, num, d);
        history = chunk + n_rows * T;
        row += n_rows;
    }
    std::copy(history, history + kHistory, y + (row - part.start) * T);
    y += kHistory;
    if (row < part.stop) recur<N, -T>(x + row * T, y + (row - part.start) * T, part.stop - row, num, d);

    double* after = chunk + kChunk * T;
    const auto add = [&](size_t first, size_t end) __attribute__((always_inline)) {
        const double* z = after - (end - first) * T;
        for (size_t r = std::max(first, part.start); r < std::min(end, part.stop); ++r) {
            for (ptrdiff_t w = 0; w < T; w += N) {
                const auto sum = at<N>(y + (r - part.start) * T + w) + at<N>(z + (r - first) * T + w);
                using Floats = typename vectors::Of<N>::Floats;
                *reinterpret_cast<Floats*>(out + (r - part.start) * T + w) = __builtin_convertvector(sum, Floats);
            }
        }
    };
    begin<N, T>(x + part.n * T, after - T, x + (part.n - 1) * T, m, d, bm);
    row = part.n - kOrder;
    add(row, part.n);
    for (size_t n_rows = kOrder; row > part.start; row -= n_rows, add(row, row + n_rows)) {
        std::copy_backward(after - n_rows * T, after - n_rows * T + kHistory, after + kHistory);
        n_rows = std::min(kChunk, row - part.start);
        recur<N, T>(x + row * T, after - T, n_rows, m, d);
    }
}

}  // namespace perirad::recursive
