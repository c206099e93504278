// Recursive (Deriche) filtering of the rows or columns of a picture, for Gaussians and their derivatives.
#pragma once
#include <algorithm>
#include <cstddef>


namespace perirad::recursive {

using std::size_t;

// Lines side by side in one tile: enough of them to hide that each value waits for the one before.
constexpr size_t kTile = 32;
// Eight of them at a time, whatever the width of the machine's vectors; the arithmetic is the same for each.
typedef double Eight __attribute__((vector_size(64), aligned(8), may_alias));
constexpr size_t kEight = 8;
constexpr size_t kCoefficients = 20;

#define PERIRAD_AT(pointer) (*reinterpret_cast<const Eight*>(pointer))
#if defined(__x86_64__) && defined(__GNUC__) && defined(__linux__)
#define PERIRAD_TILE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define PERIRAD_TILE
#endif

// x, y, z: (n, kTile), n >= 4; y becomes the pass forwards over x and z the one backwards. k: n0..n3, d1..d4, m1..m4,
// and what the value at the border, repeated without end, adds: bn1..bn4, bm1..bm4 (Deriche 1993, INRIA RR-1893).
// The order of the additions is ITK's, so that storing in single precision rounds to the same side.
PERIRAD_TILE static void filter_tile(const double* __restrict x, size_t n, const double* k,
                                     double* __restrict y, double* __restrict z) {
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
        for (size_t w = 0; w < kTile; w += kEight) {
            const Eight fed = PERIRAD_AT(in + w) * num[0] + PERIRAD_AT(in + w - kTile) * num[1] +
                              PERIRAD_AT(in + w - 2 * kTile) * num[2] + PERIRAD_AT(in + w - 3 * kTile) * num[3];
            const Eight back = PERIRAD_AT(out + w - kTile) * d[0] + PERIRAD_AT(out + w - 2 * kTile) * d[1] +
                               PERIRAD_AT(out + w - 3 * kTile) * d[2] + PERIRAD_AT(out + w - 4 * kTile) * d[3];
            *reinterpret_cast<Eight*>(out + w) = fed - back;
        }
    }
    const double* last = x + (n - 1) * kTile;
    for (size_t i = 0; i < 4; ++i) {
        for (size_t w = 0; w < kTile; ++w) {
            const auto in = [&](size_t ahead) { return last[w - (ahead > i ? 0 : i - ahead) * kTile]; };
            const auto term = [&](size_t ahead) {
                return ahead > i ? last[w] * bm[ahead - 1] : z[(n - 1 - i + ahead) * kTile + w] * d[ahead - 1];
            };
            const double fed = in(1) * m[0] + in(2) * m[1] + in(3) * m[2] + in(4) * m[3];
            z[(n - 1 - i) * kTile + w] = fed - (term(1) + term(2) + term(3) + term(4));
        }
    }
    for (size_t i = n - 4; i-- > 0;) {
        const double* in = x + i * kTile;
        double* out = z + i * kTile;
        for (size_t w = 0; w < kTile; w += kEight) {
            const Eight fed = PERIRAD_AT(in + w + kTile) * m[0] + PERIRAD_AT(in + w + 2 * kTile) * m[1] +
                              PERIRAD_AT(in + w + 3 * kTile) * m[2] + PERIRAD_AT(in + w + 4 * kTile) * m[3];
            const Eight back = PERIRAD_AT(out + w + kTile) * d[0] + PERIRAD_AT(out + w + 2 * kTile) * d[1] +
                               PERIRAD_AT(out + w + 3 * kTile) * d[2] + PERIRAD_AT(out + w + 4 * kTile) * d[3];
            *reinterpret_cast<Eight*>(out + w) = fed - back;
        }
    }
}

// in: (rows, columns), rows >= 4. tile: (3, rows, kTile) scratch. out: (bottom - top, columns): rows top to bottom - 1
// of the picture filtered down its columns.
template <typename T>
void filter_down(const T* in, size_t rows, size_t columns, const double* k, size_t top, size_t bottom, double* tile,
                 float* out) {
    double *x = tile, *y = x + rows * kTile, *z = y + rows * kTile;
    for (size_t start = 0; start < columns; start += kTile) {
        const size_t wide = std::min(kTile, columns - start);
        for (size_t r = 0; r < rows; ++r) {
            const T* from = in + r * columns + start;
            double* to = x + r * kTile;
            for (size_t w = 0; w < wide; ++w) to[w] = static_cast<double>(from[w]);
            for (size_t w = wide; w < kTile; ++w) to[w] = 0.0;
        }
        filter_tile(x, rows, k, y, z);
        for (size_t r = top; r < bottom; ++r) {
            const size_t from = r * kTile;
            float* to = out + (r - top) * columns + start;
            for (size_t w = 0; w < wide; ++w) to[w] = static_cast<float>(y[from + w] + z[from + w]);
        }
    }
}

// in: (rows, columns), columns >= 4. tile: (3, columns, kTile) scratch. out: (rows, right - left): columns left to
// right - 1 of the picture filtered across its rows.
template <typename T>
void filter_across(const T* in, size_t rows, size_t columns, const double* k, size_t left, size_t right, double* tile,
                   float* out) {
    const size_t width = right - left;
    double *x = tile, *y = x + columns * kTile, *z = y + columns * kTile;
    for (size_t start = 0; start < rows; start += kTile) {
        const size_t tall = std::min(kTile, rows - start);
        std::fill(x, x + (tall < kTile ? columns * kTile : 0), 0.0);
        // Turned over in blocks, so that what is written stays in the nearest cache.
        for (size_t block = 0; block < columns; block += kTile) {
            const size_t end = std::min(block + kTile, columns);
            for (size_t w = 0; w < tall; ++w) {
                const T* from = in + (start + w) * columns;
                for (size_t c = block; c < end; ++c) x[c * kTile + w] = static_cast<double>(from[c]);
            }
        }
        filter_tile(x, columns, k, y, z);
        for (size_t block = 0; block < width; block += kTile) {
            const size_t end = std::min(block + kTile, width);
            for (size_t w = 0; w < tall; ++w) {
                float* to = out + (start + w) * width;
                for (size_t c = block; c < end; ++c) {
                    const size_t from = (left + c) * kTile + w;
                    to[c] = static_cast<float>(y[from] + z[from]);
                }
            }
        }
    }
}

#undef PERIRAD_AT
#undef PERIRAD_TILE

}  // namespace perirad::recursive
