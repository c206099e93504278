// Sums over a disc around every pixel, from running sums along the rows.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "wide.hpp"

namespace perirad {

PERIRAD_WIDE static void add_chords(const double* from, std::size_t chord, std::size_t n, double* sums) {
    for (std::size_t c = 0; c < n; ++c) sums[c] += from[c + chord] - from[c];
}

// ends: (rows, stride), running sums of the picture's rows, so that a chord of the disc is the difference of two.
// halves: (n_steps, 2), for each row of the disc from the uppermost on: its distance in rows from the middle, and the
// pixels of its chord on either side. top: first row that is wanted. middle: place in `ends` of the last pixel before
// the first column that is wanted.
// sums: (height, width), zeroed; added in the order of the disc's rows.
inline void disc_sums(const double* ends, std::int64_t rows, std::size_t stride, const std::int64_t* halves,
                      std::size_t n_steps, std::int64_t top, std::size_t middle, std::size_t height, std::size_t width,
                      double* sums) {
    for (std::size_t r = 0; r < height; ++r) {
        for (std::size_t k = 0; k < n_steps; ++k) {
            const std::int64_t row = top + static_cast<std::int64_t>(r) + halves[2 * k];
            if (row < 0 || row >= rows) continue;
            const std::size_t half = static_cast<std::size_t>(halves[2 * k + 1]);
            const double* from = ends + static_cast<std::size_t>(row) * stride + middle - half;
            add_chords(from, 2 * half + 1, width, sums + r * width);
        }
    }
}

}  // namespace perirad
