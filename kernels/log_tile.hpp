// Lines of a picture laid side by side for the recursion, and back.
#pragma once
#include <algorithm>
#include <cstddef>

#include "log_recursion.hpp"
#include "vectors.hpp"

namespace perirad::recursive {

using vectors::Four;
using vectors::Quad;
using vectors::quad_at;
using vectors::Two;
using vectors::two_at;

// in: four rows of four values, `stride` apart. out: its columns.
PERIRAD_INLINE void turn(const float* in, size_t stride, Quad out[4]) {
    const Quad a = quad_at(in), b = quad_at(in + stride), c = quad_at(in + 2 * stride), d = quad_at(in + 3 * stride);
    const Quad ab = PERIRAD_PICK(a, b, 0, 4, 1, 5), cd = PERIRAD_PICK(c, d, 0, 4, 1, 5);
    const Quad ab_high = PERIRAD_PICK(a, b, 2, 6, 3, 7), cd_high = PERIRAD_PICK(c, d, 2, 6, 3, 7);
    out[0] = PERIRAD_PICK(ab, cd, 0, 1, 4, 5);
    out[1] = PERIRAD_PICK(ab, cd, 2, 3, 6, 7);
    out[2] = PERIRAD_PICK(ab_high, cd_high, 0, 1, 4, 5);
    out[3] = PERIRAD_PICK(ab_high, cd_high, 2, 3, 6, 7);
}

// x: (n, kLines), with room for kOrder rows before and after, which become copies of its first and last row.
template <size_t N>
PERIRAD_INLINE void repeat_border(double* x, size_t n) {
    constexpr ptrdiff_t T = Tile<N>::kLines;
    const double* last = x + (n - 1) * T;
    for (size_t i = 0; i < kOrder; ++i) {
        std::copy(x, x + T, x - (i + 1) * T);
        std::copy(last, last + T, x + (n + i) * T);
    }
}

// x becomes the columns from `start` on; where there are none left, 0.
template <size_t N>
PERIRAD_INLINE void load_columns(const double* picture, size_t rows, size_t columns, size_t start, double* x) {
    constexpr size_t T = Tile<N>::kLines;
    const size_t wide = std::min(T, columns - start);
    for (size_t r = 0; r < rows; ++r) {
        const double* from = picture + r * columns + start;
        double* to = x + r * T;
        if (wide == T) {
            for (size_t w = 0; w < T; w += 2) *reinterpret_cast<Two*>(to + w) = two_at(from + w);
        } else {
            std::copy(from, from + wide, to);
            std::fill(to + wide, to + T, 0.0);
        }
    }
    repeat_border<N>(x, rows);
}

// x becomes the rows from `start` on; where there are none left, the last one.
template <size_t N>
PERIRAD_INLINE void load_rows(const double* picture, size_t rows, size_t columns, size_t start, double* x) {
    constexpr size_t T = Tile<N>::kLines;
    const double* line[T];
    for (size_t w = 0; w < T; ++w) line[w] = picture + std::min(start + w, rows - 1) * columns;
    size_t c = 0;
    for (; c + 2 <= columns; c += 2) {
        double* to = x + c * T;
        for (size_t w = 0; w < T; w += 2) {
            const Two a = two_at(line[w] + c), b = two_at(line[w + 1] + c);
            *reinterpret_cast<Two*>(to + w) = Two{a[0], b[0]};
            *reinterpret_cast<Two*>(to + T + w) = Two{a[1], b[1]};
        }
    }
    for (; c < columns; ++c) {
        for (size_t w = 0; w < T; ++w) x[c * T + w] = line[w][c];
    }
    repeat_border<N>(x, columns);
}

// tiles: (n / kLines, extent, kLines), what was filtered along the other axis: extent is a multiple of kLines, and n
// is rounded up to one. x becomes the lines at right angles to those of the tiles, from place `start` in them on.
template <size_t N>
PERIRAD_INLINE void load_turned(const float* tiles, size_t n, size_t extent, size_t start, double* x) {
    constexpr size_t T = Tile<N>::kLines;
    for (size_t first = 0; first < n; first += T) {
        const float* block = tiles + first * extent + start * T;
        for (size_t r = 0; r < T; r += 4) {
            for (size_t w = 0; w < T; w += 4) {
                // As many lines of the cache in the next block as there are turns in this one.
                __builtin_prefetch(block + T * extent + r * T + 4 * w);
                Quad turned[4];
                turn(block + w * T + r, T, turned);
                for (size_t i = 0; i < 4; ++i) {
                    *reinterpret_cast<Four*>(x + (first + r + i) * T + w) = PERIRAD_WIDENED(turned[i]);
                }
            }
        }
    }
    repeat_border<N>(x, n);
}

// A product in double precision, stored in single, as ITK does after each filter.
PERIRAD_INLINE float scaled(float value, double factor) {
    return static_cast<float>(static_cast<double>(value) * factor);
}

// tile: (height, kLines), columns from `start` on. picture: (height, width), set to the tile times `factor`.
template <size_t N>
PERIRAD_INLINE void store_columns(const float* tile, double factor, size_t height, size_t width, size_t start,
                                  float* picture) {
    constexpr size_t T = Tile<N>::kLines;
    const size_t wide = std::min(T, width - start);
    for (size_t r = 0; r < height; ++r) {
        float* to = picture + r * width + start;
        if (wide == T) {
            for (size_t w = 0; w < T; ++w) to[w] = scaled(tile[r * T + w], factor);
        } else {
            for (size_t w = 0; w < wide; ++w) to[w] = scaled(tile[r * T + w], factor);
        }
    }
}

// tile: (width, kLines), rows from `start` on. picture: (height, width), to which the tile times `factor` is added.
template <size_t N>
PERIRAD_INLINE void add_rows(const float* tile, double factor, size_t height, size_t width, size_t start,
                             float* picture) {
    constexpr size_t T = Tile<N>::kLines;
    const size_t tall = std::min(T, height - start);
    for (size_t r = 0; r < tall; r += 4) {
        float* to = picture + (start + r) * width;
        size_t c = 0;
        for (; r + 4 <= tall && c + 4 <= width; c += 4) {
            Quad turned[4];
            turn(tile + c * T + r, T, turned);
            for (size_t i = 0; i < 4; ++i) {
                float* there = to + i * width + c;
                const Quad before = quad_at(there);
                const Four sum = PERIRAD_WIDENED(before) +
                                 PERIRAD_WIDENED(turned[i]) * factor;
                *reinterpret_cast<Quad*>(there) = __builtin_convertvector(sum, Quad);
            }
        }
        for (; c < width; ++c) {
            for (size_t i = 0; i < std::min<size_t>(4, tall - r); ++i) {
                float& there = to[i * width + c];
                there = static_cast<float>(static_cast<double>(there) +
                                           static_cast<double>(tile[c * T + r + i]) * factor);
            }
        }
    }
}

}  // namespace perirad::recursive
