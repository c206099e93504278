// Recursive (Deriche) filtering of the rows or columns of a picture, for Gaussians and their derivatives.
#pragma once
#include <algorithm>
#include <cstddef>


namespace perirad::recursive {

using std::size_t;

// Lines side by side in one tile: enough of them to hide that each value waits for the one before.
constexpr size_t kTile = 16;
constexpr size_t kCoefficients = 20;

#if defined(__x86_64__) && defined(__GNUC__) && defined(__linux__)
#define PERIRAD_TILE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define PERIRAD_TILE
#endif

// x, y: (n, kTile), n >= 4; y becomes the sum of a pass forwards and one backwards. k: n0..n3, d1..d4, m1..m4,
// and what the value at the border, repeated without end, adds: bn1..bn4, bm1..bm4 (Deriche 1993, INRIA RR-1893).
// The order of the additions is ITK's, so that storing in single precision rounds to the same side.
PERIRAD_TILE static void filter_tile(const double* x, size_t n, const double* k, double* y) {
    const double *num = k, *d = k + 4, *m = k + 8, *bn = k + 12, *bm = k + 16;
    for (size_t i = 0; i < 4; ++i) {
        for (size_t w = 0; w < kTile; ++w) {
            const auto in = [&](size_t back) { return x[(back > i ? 0 : i - back) * kTile + w]; };
            const double border = x[w];
            const auto term = [&](size_t back) {
                return back > i ? border * bn[back - 1] : y[(i - back) * kTile + w] * d[back - 1];
            };
            const double fed = in(0) * num[0] + in(1) * num[1] + in(2) * num[2] + in(3) * num[3];
            y[i * kTile + w] = fed - (term(1) + term(2) + term(3) + term(4));
        }
    }
    for (size_t i = 4; i < n; ++i) {
        const double* in = x + i * kTile;
        double* out = y + i * kTile;
        for (size_t w = 0; w < kTile; ++w) {
            const double fed = in[w] * num[0] + in[w - kTile] * num[1] + in[w - 2 * kTile] * num[2] +
                               in[w - 3 * kTile] * num[3];
            out[w] = fed - (out[w - kTile] * d[0] + out[w - 2 * kTile] * d[1] + out[w - 3 * kTile] * d[2] +
                            out[w - 4 * kTile] * d[3]);
        }
    }
    // Backwards only the last four values are needed, so none but the sum is stored.
    double x1[kTile], x2[kTile], x3[kTile], x4[kTile], y1[kTile], y2[kTile], y3[kTile], y4[kTile];
    const double* last = x + (n - 1) * kTile;
    double first[4][kTile];
    for (size_t i = 0; i < 4; ++i) {
        for (size_t w = 0; w < kTile; ++w) {
            const double border = last[w];
            const auto in = [&](size_t ahead) { return ahead > i ? border : x[(n - 1 - i + ahead) * kTile + w]; };
            const auto term = [&](size_t ahead) {
                return ahead > i ? border * bm[ahead - 1] : first[i - ahead][w] * d[ahead - 1];
            };
            const double fed = in(1) * m[0] + in(2) * m[1] + in(3) * m[2] + in(4) * m[3];
            first[i][w] = fed - (term(1) + term(2) + term(3) + term(4));
        }
    }
    for (size_t w = 0; w < kTile; ++w) {
        for (size_t i = 0; i < 4; ++i) y[(n - 1 - i) * kTile + w] += first[i][w];
        x4[w] = last[w];
        x3[w] = x[(n - 2) * kTile + w];
        x2[w] = x[(n - 3) * kTile + w];
        x1[w] = x[(n - 4) * kTile + w];
        y1[w] = first[3][w], y2[w] = first[2][w], y3[w] = first[1][w], y4[w] = first[0][w];
    }
    for (size_t i = n - 4; i-- > 0;) {
        for (size_t w = 0; w < kTile; ++w) {
            const double fed = x1[w] * m[0] + x2[w] * m[1] + x3[w] * m[2] + x4[w] * m[3];
            const double value = fed - (y1[w] * d[0] + y2[w] * d[1] + y3[w] * d[2] + y4[w] * d[3]);
            x4[w] = x3[w], x3[w] = x2[w], x2[w] = x1[w], x1[w] = x[i * kTile + w];
            y4[w] = y3[w], y3[w] = y2[w], y2[w] = y1[w], y1[w] = value;
            y[i * kTile + w] += value;
        }
    }
}

// in: (rows, columns), rows >= 4. tile: (2, rows, kTile) scratch. out: (bottom - top, columns): rows top to bottom - 1
// of the picture filtered down its columns.
template <typename T>
void filter_down(const T* in, size_t rows, size_t columns, const double* k, size_t top, size_t bottom, double* tile,
                 float* out) {
    double *x = tile, *y = tile + rows * kTile;
    for (size_t start = 0; start < columns; start += kTile) {
        const size_t wide = std::min(kTile, columns - start);
        for (size_t r = 0; r < rows; ++r) {
            const T* from = in + r * columns + start;
            double* to = x + r * kTile;
            for (size_t w = 0; w < wide; ++w) to[w] = static_cast<double>(from[w]);
            for (size_t w = wide; w < kTile; ++w) to[w] = 0.0;
        }
        filter_tile(x, rows, k, y);
        for (size_t r = top; r < bottom; ++r) {
            const double* from = y + r * kTile;
            float* to = out + (r - top) * columns + start;
            for (size_t w = 0; w < wide; ++w) to[w] = static_cast<float>(from[w]);
        }
    }
}

// in: (rows, columns), columns >= 4. tile: (2, columns, kTile) scratch. out: (rows, right - left): columns left to
// right - 1 of the picture filtered across its rows.
template <typename T>
void filter_across(const T* in, size_t rows, size_t columns, const double* k, size_t left, size_t right, double* tile,
                   float* out) {
    const size_t width = right - left;
    double *x = tile, *y = tile + columns * kTile;
    for (size_t start = 0; start < rows; start += kTile) {
        const size_t tall = std::min(kTile, rows - start);
        std::fill(x, x + (tall < kTile ? columns * kTile : 0), 0.0);
        for (size_t w = 0; w < tall; ++w) {
            const T* from = in + (start + w) * columns;
            for (size_t c = 0; c < columns; ++c) x[c * kTile + w] = static_cast<double>(from[c]);
        }
        filter_tile(x, columns, k, y);
        for (size_t w = 0; w < tall; ++w) {
            float* to = out + (start + w) * width;
            for (size_t c = 0; c < width; ++c) to[c] = static_cast<float>(y[(left + c) * kTile + w]);
        }
    }
}

#undef PERIRAD_TILE

}  // namespace perirad::recursive
